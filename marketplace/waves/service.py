"""Decides who is asked to take a visit, wave by wave, and when to give up."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.crowd_shares.counting import SHARE_USED_UP
from dispatch.scheduling.policies.lifecycle import CrowdOrder
from dispatch.scheduling.policies.queries import policies_in_force
from dispatch.technicians.clearance.queries import get_clearance
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.db import get, locked
from kernel.errors import Conflict
from kernel.principal import Principal
from kernel.settings import settings
from marketplace.crowd import matching
from marketplace.estimates.jobs import jobs_of
from marketplace.offers import queries as offers
from marketplace.offers.lifecycle import OPEN, UNANSWERED, OfferKind
from marketplace.offers.models import Offer
from marketplace.offers.service import send, withdraw_from
from marketplace.pay_terms.service import require_within_limit
from marketplace.pools.queries import technician_ids_of
from marketplace.waves.allotting import Worth
from marketplace.waves.building import REASONS, Built, Prospect, build
from marketplace.waves.fairness import Chance, ahead
from marketplace.waves.hurdles import is_offerable, require_eligible, require_offerable, why_not
from marketplace.waves.models import ASKED, Consideration
from marketplace.waves.questions import (
    ALARM_BEFORE,
    Question,
    Told,
    chances_at,
    prospects,
    question_of,
    refusals_of,
    stake,
)

COOL_DOWN = timedelta(hours=2)
"""A visit that nobody took in its last wave is not offered again by itself before this."""
ELSEWHERE = "asked_elsewhere"


def offer_visit(
    session: Session,
    visit_id: UUID,
    *,
    technician_ids: Collection[UUID] | None = None,
    pool_id: UUID | None = None,
    market: bool = False,
    pay_cents: int | None = None,
    wave: int = 1,
    allotted: Collection[UUID] | None = None,
    principal: Principal | None = None,
) -> list[Offer]:
    """Ask the best freelancers, of all or of a talent pool, or the named technicians, or, as
    `market`, everybody able who has not refused that pay, to take the visit.

    Of those worked out, only the `allotted` are asked. Who holds an open offer for it is not asked
    twice, and nobody for less than the usual pay. Gives [] when nobody can take it. Raises Conflict
    `visit_not_offerable`, Invalid `technician_not_eligible` with the reasons when somebody who was
    named cannot, or Forbidden `above_limit` where a `principal` names more than is theirs to grant.
    """
    [visit] = locked(session, Visit, [visit_id])
    require_offerable(session, visit)
    named = technician_ids if pool_id is None else technician_ids_of(session, pool_id)
    question, verdicts = question_of(
        session, visit, wave, among=named, pay_cents=pay_cents, is_named=technician_ids is not None
    )
    if principal is not None and pay_cents is not None and question.able:
        usual_cents = min(one.pay_cents for one in question.able)
        require_within_limit(session, principal, pay_cents - usual_cents)
    if technician_ids is not None:
        holding = question.holding
        open_to = [v for v in verdicts if v.technician_id not in holding]
        require_eligible(session, visit, set(technician_ids) - holding, open_to)
        return _ask_all(session, question, OfferKind.DIRECT)
    if market:
        return _ask_all(session, _open_to_market(session, question), OfferKind.MARKET)
    kind = OfferKind.COMPUTED if pool_id is None else OfferKind.POOL
    return _ask(session, question, refusals_of(verdicts), kind, allotted)


def offer_by_hand(session: Session, visit_id: UUID, **wanted: Any) -> list[Offer]:
    """`offer_visit` as somebody asks for it, who is told when the share of freelancers is why
    nobody is asked.

    Raises also Conflict `crowd_share_used_up`.
    """
    made = offer_visit(session, visit_id, **wanted)
    if made:
        return made
    _, verdicts = question_of(session, get(session, Visit, visit_id), wave=1)
    kept = (one for one in refusals_of(verdicts) if one.code == SHARE_USED_UP)
    if (refusal := next(kept, None)) is not None:
        raise Conflict(refusal.sentence, code="crowd_share_used_up")
    return []


def worths(session: Session, visit_id: UUID) -> dict[UUID, Worth]:
    """What asking each person for a visit is worth at the usual pay; {} when `offer_unserved`
    would ask nobody."""
    visit = get(session, Visit, visit_id)
    if not _is_to_be_offered(session, visit):
        return {}
    question, _ = question_of(session, visit, 1)
    fallback = stake(session, question).fallback_cents
    return {
        key: Worth(one.steps[0].accept * one.show, fallback - one.steps[0].pay_cents)
        for key, one in prospects(session, question, {}).items()
    }


def offer_unserved(
    session: Session, visit_id: UUID, among: Collection[UUID] | None = None
) -> list[Offer]:
    """Start offering a visit that planning could not serve; nothing if that is under way.

    `among` are those whom a surge leaves for it; None: everybody.
    """
    [visit] = locked(session, Visit, [visit_id])
    if not _is_to_be_offered(session, visit):
        return []
    return _ask_or_hand_back(session, visit, wave=1, allotted=among)


def offer_lost(session: Session, visit_id: UUID) -> list[Offer]:
    """Somebody does not come after all: ask others. Where our own people come first, the repair
    that follows does, if it has no place for it."""
    visit = get(session, Visit, visit_id)
    rules = policies_in_force(session).of(visit.territory_id)
    is_repaired = settings().optimizer_enabled and visit.territory_id is not None
    if rules.crowd is CrowdOrder.IN_HOUSE_FIRST and is_repaired:
        return []
    return offer_unserved(session, visit_id)


def next_wave(session: Session, visit_id: UUID) -> list[Offer]:
    """Ask again, once everybody of a wave has declined or let the offer expire."""
    [visit] = locked(session, Visit, [visit_id])
    made = offers.list_of_visit(session, visit_id)
    if not made or not is_offerable(session, visit):
        return []
    last = made[-1]
    if any(o.status in OPEN for o in made) or last.status not in UNANSWERED:
        return []
    return _ask_or_hand_back(session, visit, wave=last.wave + 1)


def ask_others(
    session: Session,
    technician_id: UUID,
    customer_id: UUID | None = None,
    *,
    needing: str | None = None,
) -> list[Offer]:
    """Somebody may not take visits any more, of one customer, that need a kind of credential, or
    any: their open offers are taken back, and where nobody else holds one, others are asked."""
    is_cleared = get_clearance(session, technician_id).covers(now(session))
    needed = needing if is_cleared else None
    visit_ids = withdraw_from(session, technician_id, customer_id, needing=needed)
    locked(session, Visit, visit_ids)  # before any share: who waits for one holds its visits
    return [offer for visit_id in visit_ids for offer in offer_unserved(session, visit_id)]


def _is_to_be_offered(session: Session, visit: Visit) -> bool:
    """Nobody is being asked for it, and nobody has lately refused it in a last wave."""
    made = offers.list_of_visit(session, visit.id)
    if not is_offerable(session, visit) or any(offer.status in OPEN for offer in made):
        return False
    since = now(session) - COOL_DOWN
    rests = any(o.created_at > since and o.status in UNANSWERED for o in made) and visit.at_risk
    return not rests


def _ask_or_hand_back(
    session: Session, visit: Visit, *, wave: int, allotted: Collection[UUID] | None = None
) -> list[Offer]:
    """The dispatcher is told when nobody is left to be asked, or no time to ask."""
    at = now(session)
    [job] = jobs_of(session, [visit], at)
    is_too_late = wave > 1 and at >= job.latest - ALARM_BEFORE
    made = [] if is_too_late else offer_visit(session, visit.id, wave=wave, allotted=allotted)
    if not made:
        work_orders.mark_at_risk(session, visit)
    return made


def _open_to_market(session: Session, question: Question) -> Question:
    """Of those able whom the schedule lets, and who have not refused that pay."""
    possible = prospects(session, question, {})
    free = [
        one
        for one in question.able
        if one.technician_id in possible
        and possible[one.technician_id].steps[0].uplift_pct == 0
        and why_not(session, question.visit, one) is None
    ]
    return replace(question, able=free)


def _ask_all(session: Session, question: Question, kind: OfferKind) -> list[Offer]:
    return send(
        session,
        question.visit,
        question.able,
        life=question.life,
        wave=question.wave,
        pay_cents=question.pay_cents,
        chances=dict(chances_at(question, question.pay_cents)),
        kind=kind,
    )


def _ask(
    session: Session,
    question: Question,
    refused: Collection[matching.Refusal],
    kind: OfferKind,
    allotted: Collection[UUID] | None,
) -> list[Offer]:
    """Build the wave, send it, and note of everybody why they were asked or not."""
    told: Told = {one.technician_id: (one.code, one.sentence) for one in refused}
    possible = prospects(session, question, told)
    if allotted is not None:
        why = "Was asked for another job at the same time, where it mattered more."
        told |= {key: (ELSEWHERE, why) for key in possible if key not in allotted}
        possible = {key: one for key, one in possible.items() if key in allotted}
    candidates = {one.technician_id: one for one in question.able}
    at_stake = stake(session, question)
    built = build(list(possible.values()), at_stake, question.rules)
    while blocked := _blocked(session, question, built, candidates, told):
        possible = {key: one for key, one in possible.items() if key not in blocked}
        built = build(list(possible.values()), at_stake, question.rules)
    _note(session, question, possible, built, told)
    made = []
    for one in built.asked:
        key = one.prospect.technician_id
        made += send(
            session,
            question.visit,
            [candidates[key]],
            life=question.life,
            wave=question.wave,
            pay_cents=one.step.pay_cents,
            asked_count=len(built.asked),
            kind=kind,
            chances={key: (round(100 * one.step.accept), round(100 * one.prospect.show))},
        )
    return made


def _blocked(
    session: Session,
    question: Question,
    built: Built,
    candidates: Mapping[UUID, matching.Candidate],
    told: Told,
) -> set[UUID]:
    """Who of the wave the schedule does not let; it is asked of them alone, as it is slow."""
    found = set()
    for one in built.asked:
        key = one.prospect.technician_id
        refusal = why_not(session, question.visit, candidates[key])
        if refusal is not None:
            told[key] = (refusal.code, refusal.sentence)
            found.add(key)
    return found


def _note(
    session: Session,
    question: Question,
    possible: Mapping[UUID, Prospect],
    built: Built,
    told: Mapping[UUID, tuple[str, str]],
) -> None:
    asked = {one.prospect.technician_id for one in built.asked}
    gained = ahead([Chance(possible.keys(), asked)])
    reasons = {key: (code, REASONS[code]) for key, code in built.passed_over.items()}
    reasons |= dict.fromkeys(asked, (ASKED, "Was asked."))
    session.add_all(
        Consideration(
            visit_id=question.visit.id,
            technician_id=key,
            wave=question.wave,
            decided_at=question.at,
            code=code,
            sentence=sentence,
            gained=gained.get(key),
        )
        for key, (code, sentence) in {**told, **reasons}.items()
    )
    session.flush()
