"""Gives a taken stand-by back before it begins, by the rules that hold for jobs.

Lock order: as in `service`.
"""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.on_call import service as on_call
from dispatch.on_call.models import Rota
from dispatch.technicians.models import Technician
from kernel.clock import now
from kernel.db import get, locked
from kernel.errors import Conflict, NotFound
from marketplace.pay_terms.queries import terms_in_force
from marketplace.payouts.lifecycle import PayoutKind, share_of
from marketplace.payouts.service import earn
from marketplace.scores import service as scores
from marketplace.stand_bys import queries, service
from marketplace.stand_bys.lifecycle import StandByStatus
from marketplace.stand_bys.models import StandBy


class Cost(NamedTuple):
    """What giving it back costs: percent of the pay, at this notice."""

    notice: timedelta
    pct: int
    fee_cents: int
    currency: str


def cost_now(session: Session, stand_by_id: UUID, technician_id: UUID) -> Cost:
    """What giving it back would cost at this moment. Raises what `back_out` raises."""
    return _cost(session, _own(session, stand_by_id, technician_id))


def back_out(session: Session, stand_by_id: UUID, technician_id: UUID) -> StandBy:
    """The duty falls back to the rota and is offered to others at once; repeating it changes
    nothing.

    Raises Conflict `stand_by_not_taken`, or `under_way` once it has begun; NotFound unless it is
    the technician's.
    """
    [taker] = locked(session, Technician, [technician_id])
    [stand_by] = locked(session, StandBy, [stand_by_id])
    if stand_by.status is StandByStatus.GIVEN_BACK:
        return _required(session, stand_by, technician_id)
    cost = _cost(session, _own(session, stand_by_id, technician_id))
    assert stand_by.duty_change_id is not None
    on_call.take_off_duty(session, stand_by.duty_change_id)
    service.release(session, stand_by)
    rota = get(session, Rota, stand_by.rota_id)
    if cost.fee_cents:
        stand_by.payout_id = earn(
            session,
            taker,
            PayoutKind.BACK_OUT,
            -cost.fee_cents,
            stand_by.currency,
            approve_after=timedelta(hours=terms_in_force(session).approve_hours),
            note=f"Stand-by: {rota.name}",
        ).id
    service.move(session, stand_by, rota, StandByStatus.GIVEN_BACK)
    scores.note_stand_by_given_back(session, technician_id, stand_by.id, cost.notice)
    service.offer_again(session, stand_by)
    return stand_by


def record_back_out(session: Session, stand_by_id: UUID) -> StandBy:
    """As `back_out`, of whoever has it."""
    taker = queries.find_taker(session, get(session, StandBy, stand_by_id).id)
    if taker is None:
        raise _not_taken()
    return back_out(session, stand_by_id, taker)


def _own(session: Session, stand_by_id: UUID, technician_id: UUID) -> StandBy:
    stand_by = get(session, StandBy, stand_by_id)
    if stand_by.status is not StandByStatus.TAKEN:
        raise _not_taken()
    _required(session, stand_by, technician_id)
    if stand_by.starts_at <= now(session):
        raise Conflict("The stand-by has begun; call the dispatcher.", code="under_way")
    return stand_by


def _required(session: Session, stand_by: StandBy, technician_id: UUID) -> StandBy:
    if queries.find_taker(session, stand_by.id) != technician_id:
        raise NotFound("stand_by", stand_by.id)
    return stand_by


def _not_taken() -> Conflict:
    return Conflict("Nobody has this stand-by now.", code="stand_by_not_taken")


def _cost(session: Session, stand_by: StandBy) -> Cost:
    notice = stand_by.starts_at - now(session)
    pct = terms_in_force(session).back_out_pct(notice)
    fee = -share_of(stand_by.pay_cents, -pct)
    return Cost(notice, pct, fee, stand_by.currency)
