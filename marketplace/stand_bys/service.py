"""Offers stand-bys, gives each to the first who says yes, and pays it at its end.

Lock order: the technician, the stand-by, then its offers.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.on_call import service as on_call
from dispatch.on_call.models import Rota
from dispatch.on_call.queries import get_rota
from dispatch.technicians.clearance.queries import get_clearance
from dispatch.technicians.lifecycle import AbsenceKind
from dispatch.technicians.models import Technician
from dispatch.technicians.queries import get_technician, list_absences
from kernel.clock import now
from kernel.db import get, locked
from kernel.errors import Conflict, Invalid
from kernel.events import publish
from kernel.settings import settings
from marketplace.crowd.matching import Freelancer, Interval, Refusal
from marketplace.crowd.queries import list_freelancers
from marketplace.crowd.standing_by import why_not
from marketplace.events import StandByMoved, StandByUncovered
from marketplace.ledger import service as ledger
from marketplace.ledger.lifecycle import AccountKind, Movement, moved
from marketplace.offers.closing import refused
from marketplace.offers.lifecycle import OFFER, OPEN, OfferStatus
from marketplace.pay_terms.queries import terms_in_force
from marketplace.payouts.lifecycle import PayoutKind, fee_of
from marketplace.payouts.service import earn
from marketplace.pools.queries import technician_ids_of
from marketplace.stand_bys import queries
from marketplace.stand_bys.lifecycle import (
    STAND_BY,
    StandByStatus,
    is_period,
    share_present,
)
from marketplace.stand_bys.models import StandBy, StandByOffer

LONGEST = timedelta(hours=24)
ENDS = {
    StandByStatus.EXPIRED: OfferStatus.EXPIRED,
    StandByStatus.WITHDRAWN: OfferStatus.WITHDRAWN,
    StandByStatus.TAKEN: OfferStatus.FILLED,
}
"""What becomes of the open offers of a stand-by."""


def offer(
    session: Session,
    rota_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    pay_cents: int,
    *,
    answer_by: datetime | None = None,
    technician_ids: Collection[UUID] | None = None,
    pool_id: UUID | None = None,
) -> StandBy:
    """Ask those named, of a talent pool those who can, or everybody of the territory who can.

    Unless said otherwise, the answer is due when it starts. Raises Invalid `stand_by_period`, or
    `technician_not_eligible` with the reasons of those named who cannot; Conflict `nobody_able`.
    """
    at, rota = now(session), get_rota(session, rota_id)
    until = answer_by or starts_at
    if not is_period(starts_at, ends_at, LONGEST) or not at < until <= starts_at:
        raise Invalid(
            "A stand-by begins after it was answered, and lasts up to 24 hours.",
            code="stand_by_period",
        )
    if technician_ids is not None:
        asked = set(technician_ids)
    elif pool_id is not None:
        asked = technician_ids_of(session, pool_id)
    else:
        asked = queries.crowd_of(session, rota.territory_id)
    able, refusals = _verdicts(session, rota, (starts_at, ends_at), asked)
    if technician_ids is not None and refusals:
        raise Invalid(
            "Not everybody who was named can stand by then.",
            code="technician_not_eligible",
            refusals=[
                {"technician_id": str(r.technician_id), "code": r.code, "sentence": r.sentence}
                for r in refusals
            ],
        )
    if not able:
        raise Conflict("Nobody who was asked can stand by then.", code="nobody_able")
    return _ask(session, rota, (starts_at, ends_at), pay_cents, until, able)


def offer_again(session: Session, given_back: StandBy) -> StandBy | None:
    """Ask at once everybody of the territory who can and has not said no to it, for the same pay.

    None when it has begun or nobody can: then StandByUncovered tells the dispatchers.
    """
    rota = get_rota(session, given_back.rota_id)
    period = given_back.starts_at, given_back.ends_at
    asked = queries.crowd_of(session, rota.territory_id) - queries.said_no(session, given_back)
    able, _ = _verdicts(session, rota, period, asked)
    if not able or given_back.starts_at <= now(session):
        _alarm(session, given_back, rota)
        return None
    return _ask(session, rota, period, given_back.pay_cents, given_back.starts_at, able)


def accept(session: Session, offer_id: UUID, technician_id: UUID) -> StandByOffer:
    """Take it: the person has the duty of the rota in that time.

    The winner may repeat it. Raises Conflict `offer_taken`, `offer_expired`, `offer_withdrawn`,
    `offer_closed`, `technician_busy` or `taker_barred`.
    """
    known = queries.get_offer(session, offer_id, technician_id)
    locked(session, Technician, [technician_id])
    [stand_by] = locked(session, StandBy, [known.stand_by_id])
    [mine] = locked(session, StandByOffer, [offer_id])
    if mine.status is OfferStatus.ACCEPTED:
        return mine
    _require_open(session, stand_by, mine)
    rota, period = get_rota(session, stand_by.rota_id), (stand_by.starts_at, stand_by.ends_at)
    _, refusals = _verdicts(session, rota, period, [technician_id])
    for one in refusals:
        code = "technician_busy" if one.code == "not_free" else "taker_barred"
        raise Conflict(one.sentence, code=code, because=one.code)
    change = on_call.put_on_duty(session, rota.id, technician_id, *period, "Stand-by")
    _answer(session, mine, OfferStatus.ACCEPTED)
    stand_by.duty_change_id = change.id
    move(session, stand_by, rota, StandByStatus.TAKEN)
    return mine


def decline(session: Session, offer_id: UUID, technician_id: UUID) -> StandByOffer:
    """Say no. Costs nothing; repeating it changes nothing. The last no ends the stand-by."""
    known = queries.get_offer(session, offer_id, technician_id)
    [stand_by] = locked(session, StandBy, [known.stand_by_id])
    [mine] = locked(session, StandByOffer, [offer_id])
    if mine.status is not OfferStatus.DECLINED:
        _require_open(session, stand_by, mine)
        _answer(session, mine, OfferStatus.DECLINED)
        if not any(one.status in OPEN for one in queries.list_offers(session, [stand_by.id])):
            _expire(session, stand_by)
    return mine


def withdraw(session: Session, stand_by_id: UUID) -> StandBy:
    """The office takes it back before somebody took it; repeating it changes nothing."""
    [stand_by] = locked(session, StandBy, [stand_by_id])
    if stand_by.status is not StandByStatus.WITHDRAWN:
        _close(session, stand_by, StandByStatus.WITHDRAWN)
    return stand_by


def settle_due(session: Session, limit: int = 200) -> int:
    """Close what nobody took in time, and pay what is over; gives how many."""
    due = queries.lock_due(session, limit)
    for stand_by in due:
        if stand_by.status is StandByStatus.OPEN:
            _expire(session, stand_by)
        else:
            _end(session, stand_by, StandByStatus.ENDED, stand_by.ends_at)
    return len(due)


def revoke_of(session: Session, technician_id: UUID) -> list[StandBy]:
    """Somebody may not be given work any more: taken duties that the proofs do not cover fall back
    to the rota, without fee or score, and others are asked. The time stood by already is paid."""
    locked(session, Technician, [technician_id])
    clearance = get_clearance(session, technician_id)
    found = [
        one
        for one in queries.lock_taken_by(session, technician_id)
        if not clearance.covers(one.ends_at)
    ]
    for stand_by in found:
        assert stand_by.duty_change_id is not None
        on_call.take_off_duty(session, stand_by.duty_change_id)
        _end(session, stand_by, StandByStatus.REVOKED, max(now(session), stand_by.starts_at))
        offer_again(session, stand_by)
    return found


def _ask(
    session: Session,
    rota: Rota,
    period: Interval,
    pay_cents: int,
    answer_by: datetime,
    able: Collection[UUID],
) -> StandBy:
    made = StandBy(
        rota_id=rota.id,
        starts_at=period[0],
        ends_at=period[1],
        pay_cents=pay_cents,
        currency=settings().currency,
        answer_by=answer_by,
    )
    session.add(made)
    session.flush()
    session.add_all(StandByOffer(stand_by_id=made.id, technician_id=key) for key in sorted(able))
    session.flush()
    _hold(session, made, pay_cents + fee_of(pay_cents, terms_in_force(session).fee_bp))
    _tell(session, made, rota)
    return made


def _verdicts(
    session: Session, rota: Rota, period: Interval, asked: Collection[UUID]
) -> tuple[set[UUID], list[Refusal]]:
    people = list_freelancers(session, *period, technician_ids=asked)
    taken = queries.taken_by(session, asked, period)
    found = {one.technician_id: _refusal(one, rota, period, taken) for one in people}
    refusals = [Refusal(key, *why) for key, why in found.items() if why is not None]
    unknown = sorted(set(asked) - found.keys())
    refusals += [Refusal(key, "inactive", "Is not known or not active.") for key in unknown]
    return {key for key, why in found.items() if why is None}, refusals


def _refusal(
    one: Freelancer, rota: Rota, period: Interval, taken: dict[UUID, list[Interval]]
) -> tuple[str, str] | None:
    return why_not(one, rota.skills, period, taken.get(one.technician_id, ()))


def _require_open(session: Session, stand_by: StandBy, mine: StandByOffer) -> None:
    if mine.status not in OPEN:
        raise refused(mine.id, mine.status, mine.status)
    if stand_by.answer_by <= now(session):
        raise refused(mine.id, mine.status, OfferStatus.EXPIRED)


def _answer(session: Session, mine: StandByOffer, to: OfferStatus) -> None:
    OFFER.check(mine.status, to)
    mine.status = to
    mine.answered_at = now(session)
    session.flush()


def _expire(session: Session, stand_by: StandBy) -> None:
    _close(session, stand_by, StandByStatus.EXPIRED)
    _alarm(session, stand_by, get(session, Rota, stand_by.rota_id))


def _close(session: Session, stand_by: StandBy, to: StandByStatus) -> None:
    move(session, stand_by, get(session, Rota, stand_by.rota_id), to)
    release(session, stand_by)


def move(session: Session, stand_by: StandBy, rota: Rota, to: StandByStatus) -> None:
    """Along the table, with what becomes of the open offers."""
    STAND_BY.check(stand_by.status, to)
    stand_by.status = to
    keys = [one.id for one in queries.list_offers(session, [stand_by.id])]
    for one in locked(session, StandByOffer, keys):
        if one.status in OPEN:
            OFFER.check(one.status, ENDS[to])
            one.status = ENDS[to]
    session.flush()
    _tell(session, stand_by, rota)


def _end(session: Session, stand_by: StandBy, to: StandByStatus, until: datetime) -> None:
    """Pay the time in which the person was not away; the rest that a call-out left due is paid."""
    taker_id = queries.find_taker(session, stand_by.id)
    assert taker_id is not None
    taker = get_technician(session, taker_id)
    rota, period = get(session, Rota, stand_by.rota_id), (stand_by.starts_at, stand_by.ends_at)
    away = [
        (one.starts_at, one.ends_at)
        for one in list_absences(session, [taker.id], *period)
        if one.kind is not AbsenceKind.REST
    ]
    away += [(until, stand_by.ends_at)]
    cents = share_present(period, away, stand_by.pay_cents)
    release(session, stand_by)
    if cents:
        terms = terms_in_force(session)
        stand_by.payout_id = earn(
            session,
            taker,
            PayoutKind.PAY,
            cents,
            stand_by.currency,
            fee_cents=fee_of(cents, terms.fee_bp),
            approve_after=timedelta(hours=terms.approve_hours),
            note=f"Stand-by: {rota.name}",
        ).id
    move(session, stand_by, rota, to)


def _hold(session: Session, stand_by: StandBy, cents: int) -> None:
    lines = moved(cents, AccountKind.BUYER, AccountKind.HELD)
    key = f"hold_stand_by:{stand_by.id}"
    ledger.post(session, Movement.HOLD, key, lines, stand_by.currency, subject_id=stand_by.id)


def release(session: Session, stand_by: StandBy) -> None:
    """Give back what was set aside for its pay."""
    ledger.reverse_all(session, stand_by.id)


def _alarm(session: Session, stand_by: StandBy, rota: Rota) -> None:
    publish(session, StandByUncovered(stand_by_id=stand_by.id, territory_id=rota.territory_id))


def _tell(session: Session, stand_by: StandBy, rota: Rota) -> None:
    publish(
        session,
        StandByMoved(
            stand_by_id=stand_by.id,
            to_status=str(stand_by.status),
            territory_id=rota.territory_id,
        ),
    )
