"""Decides who is asked to take a visit, wave by wave, and when to give up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.checks.rules import ViolationCode
from dispatch.scheduling.checks.service import violations
from dispatch.scheduling.policies.queries import policies_in_force
from dispatch.scheduling.policies.rules import price_of
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import is_visit_plannable
from kernel.clock import now
from kernel.db import locked
from kernel.errors import Conflict, Invalid
from marketplace.crowd import matching
from marketplace.crowd import queries as crowd
from marketplace.estimates import service as estimates
from marketplace.estimates.jobs import jobs_of
from marketplace.offers import queries as offers
from marketplace.offers.lifecycle import OPEN, UNANSWERED, OfferStatus
from marketplace.offers.models import Offer
from marketplace.offers.service import send
from marketplace.waves import queries
from marketplace.waves.asking import MOST_TIMES, life_of, prospect, rounds_left
from marketplace.waves.building import REASONS, RULES, Built, Prospect, Stake, build
from marketplace.waves.fairness import Chance, Share, ahead
from marketplace.waves.models import ASKED, Consideration

COOL_DOWN = timedelta(hours=2)
"""A visit that nobody took in its last wave is not offered again by itself before this."""
ALARM_BEFORE = timedelta(minutes=90)
"""So long before an arrival would be too late, waves end and the dispatcher is told."""
DAY = timedelta(days=1)
ASKED_ENOUGH = "asked_enough"
BLOCKING = frozenset(
    {
        ViolationCode.OVERLAP,
        ViolationCode.TRAVEL,
        ViolationCode.LANGUAGE,
        ViolationCode.PINNED,
    }
)
"""What the schedule refuses, or somebody has fixed, beyond what matching looks at."""


@dataclass(frozen=True)
class _Question:
    """A visit that is about to be offered: to whom it could be, and how long one can ask."""

    visit: Visit
    job: matching.Job
    at: datetime
    wave: int
    until: datetime
    life: timedelta
    people: Mapping[UUID, matching.Freelancer]
    able: Sequence[matching.Candidate]
    made: Sequence[Offer]
    chances: estimates.Chances


def offer_visit(
    session: Session,
    visit_id: UUID,
    *,
    technician_ids: Collection[UUID] | None = None,
    pay_cents: int | None = None,
    wave: int = 1,
) -> list[Offer]:
    """Ask the best freelancers, or the named technicians, to take the visit.

    Who holds an open offer for it is not asked twice. Gives [] when nobody can take it. Raises
    Conflict `visit_not_offerable`, or Invalid `technician_not_eligible` with the reasons when
    somebody who was named cannot.
    """
    [visit] = locked(session, Visit, [visit_id])
    _require_offerable(session, visit)
    at = now(session)
    [job] = jobs_of(session, [visit], at)
    made = offers.list_of_visit(session, visit_id)
    people = crowd.list_freelancers(
        session,
        at,
        job.latest + DAY,
        technician_ids=technician_ids,
        asked_before={offer.technician_id for offer in made},
    )
    verdicts = [matching.judge(job, person) for person in people]
    holding = {offer.technician_id for offer in made if offer.status in OPEN}
    able = [
        v for v in verdicts if isinstance(v, matching.Candidate) and v.technician_id not in holding
    ]
    if technician_ids is not None:
        _check_named(session, visit, technician_ids, able, verdicts)
        life = matching.lifetime(at, job.latest, is_emergency=_is_emergency(visit))
        return send(session, visit, able, life=life, wave=wave, pay_cents=pay_cents)
    known = estimates.chances(session, {one.technician_id for one in able})
    until = max(job.latest - ALARM_BEFORE, at + matching.SHORTEST_LIFETIME)
    life = life_of(
        at.astimezone(job.zone), until, known.answer_minutes, is_emergency=_is_emergency(visit)
    )
    by_id = {person.technician_id: person for person in people}
    question = _Question(visit, job, at, wave, until, life, by_id, able, made, known)
    refused = [verdict for verdict in verdicts if isinstance(verdict, matching.Refusal)]
    return _ask(session, question, refused, pay_cents)


def offer_unserved(session: Session, visit_id: UUID) -> list[Offer]:
    """Start offering a visit that planning could not serve; nothing if that is under way."""
    [visit] = locked(session, Visit, [visit_id])
    made = offers.list_of_visit(session, visit_id)
    if not _is_offerable(session, visit) or any(offer.status in OPEN for offer in made):
        return []
    since = now(session) - COOL_DOWN
    if any(o.created_at > since and o.status in UNANSWERED for o in made) and visit.at_risk:
        return []
    return _ask_or_hand_back(session, visit, wave=1)


def next_wave(session: Session, visit_id: UUID) -> list[Offer]:
    """Ask again, once everybody of a wave has declined or let the offer expire."""
    [visit] = locked(session, Visit, [visit_id])
    made = offers.list_of_visit(session, visit_id)
    if not made or not _is_offerable(session, visit):
        return []
    last = made[-1]
    if any(o.status in OPEN for o in made) or last.status not in UNANSWERED:
        return []
    return _ask_or_hand_back(session, visit, wave=last.wave + 1)


def _ask_or_hand_back(session: Session, visit: Visit, *, wave: int) -> list[Offer]:
    """The dispatcher is told when nobody is left to be asked, or no time to ask."""
    at = now(session)
    [job] = jobs_of(session, [visit], at)
    is_too_late = wave > 1 and at >= job.latest - ALARM_BEFORE
    made = [] if is_too_late else offer_visit(session, visit.id, wave=wave)
    if not made:
        work_orders.mark_at_risk(session, visit)
    return made


def _ask(
    session: Session,
    question: _Question,
    refused: list[matching.Refusal],
    pay_cents: int | None,
) -> list[Offer]:
    """Build the wave, send it, and note of everybody why they were asked or not."""
    told = {one.technician_id: (one.code, one.sentence) for one in refused}
    prospects = _prospects(session, question, told)
    candidates = {one.technician_id: one for one in question.able}
    stake = Stake(
        rounds_left(question.at, question.until, question.life),
        _fallback_cents(session, question),
        question.wave,
    )
    built = build(list(prospects.values()), stake)
    while blocked := _blocked(session, question, built, candidates, told):
        prospects = {key: one for key, one in prospects.items() if key not in blocked}
        built = build(list(prospects.values()), stake)
    asked = {one.prospect.technician_id: one for one in built.asked}
    _note(session, question, prospects, built, told)
    chances = {
        key: (round(100 * one.step.accept), round(100 * one.prospect.show))
        for key, one in asked.items()
    }
    made = []
    for key, one in asked.items():
        pay = one.step.pay_cents if pay_cents is None else pay_cents
        made += send(
            session,
            question.visit,
            [candidates[key]],
            life=question.life,
            wave=question.wave,
            pay_cents=pay,
            asked_count=len(asked),
            chances=chances,
        )
    return made


def _prospects(
    session: Session, question: _Question, told: dict[UUID, tuple[str, str]]
) -> dict[UUID, Prospect]:
    """Those who may be asked now; of the others `told` says why not."""
    since = question.at - timedelta(days=RULES.window_days)
    shares = queries.shares_since(session, {one.technician_id for one in question.able}, since)
    times, refused = _answers(question)
    found = {}
    for one in question.able:
        key = one.technician_id
        made = prospect(
            one,
            estimates.ask_of(question.job, question.people[key], one, question.at, question.life),
            accept=question.chances.accept,
            show=question.chances.show,
            share=shares.get(key, Share()),
            rules=RULES,
            refused_cents=refused.get(key),
        )
        if made is None or times.get(key, 0) >= MOST_TIMES:
            told[key] = (ASKED_ENOUGH, "Was asked before, and could not be offered more.")
        else:
            found[key] = made
    return found


def _answers(question: _Question) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """How often each was asked within a day, and the most that each said no to."""
    times: dict[UUID, int] = {}
    refused: dict[UUID, int] = {}
    for offer in question.made:
        key = offer.technician_id
        if offer.created_at > question.at - DAY:
            times[key] = times.get(key, 0) + 1
        if offer.status is OfferStatus.DECLINED:
            refused[key] = max(refused.get(key, 0), offer.pay_cents)
    return times, refused


def _fallback_cents(session: Session, question: _Question) -> int:
    """What the planner reckons for leaving the visit out, promised or not."""
    rules = policies_in_force(session).of(question.visit.territory_id)
    cents = price_of(rules.unserved_cents, question.visit.priority)
    return cents * rules.promised_pct // 100 if question.job.is_promised else cents


def _blocked(
    session: Session,
    question: _Question,
    built: Built,
    candidates: Mapping[UUID, matching.Candidate],
    told: dict[UUID, tuple[str, str]],
) -> set[UUID]:
    """Who of the wave the schedule does not let; it is asked of them alone, as it is slow."""
    found = set()
    for one in built.asked:
        key = one.prospect.technician_id
        refusal = _why_not(session, question.visit, candidates[key])
        if refusal is not None:
            told[key] = (refusal.code, refusal.sentence)
            found.add(key)
    return found


def _note(
    session: Session,
    question: _Question,
    prospects: Mapping[UUID, Prospect],
    built: Built,
    told: Mapping[UUID, tuple[str, str]],
) -> None:
    asked = {one.prospect.technician_id for one in built.asked}
    gained = ahead([Chance(prospects.keys(), asked)])
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


def _is_emergency(visit: Visit) -> bool:
    return visit.priority >= estimates.EMERGENCY


def _why_not(
    session: Session, visit: Visit, candidate: matching.Candidate
) -> matching.Refusal | None:
    """What the schedule itself has against the proposal, such as the way from the stop before."""
    for found in violations(session, visit.id, candidate.technician_id, candidate.starts_at):
        if found.code in BLOCKING:
            return matching.Refusal(candidate.technician_id, str(found.code), found.sentence)
    return None


def _check_named(
    session: Session,
    visit: Visit,
    named: Collection[UUID],
    able: list[matching.Candidate],
    verdicts: list[matching.Candidate | matching.Refusal],
) -> None:
    refusals = [verdict for verdict in verdicts if isinstance(verdict, matching.Refusal)]
    refusals += filter(None, (_why_not(session, visit, candidate) for candidate in able))
    unknown = set(named) - {verdict.technician_id for verdict in verdicts}
    refusals += [matching.Refusal(key, "unknown", "Is not known.") for key in sorted(unknown)]
    if refusals:
        raise Invalid(
            "Not everybody who was named can take the visit.",
            code="technician_not_eligible",
            refusals=[
                {"technician_id": str(r.technician_id), "code": r.code, "sentence": r.sentence}
                for r in refusals
            ],
        )


def _require_offerable(session: Session, visit: Visit) -> None:
    if not _is_offerable(session, visit):
        raise Conflict(
            "Only an open visit for one person that nobody is assigned to can be offered.",
            code="visit_not_offerable",
            visit_status=str(visit.status),
            crew_size=visit.crew_size,
        )


def _is_offerable(session: Session, visit: Visit) -> bool:
    # A crew starts together or not at all, and one acceptance fills one seat only.
    return (
        visit.status is VisitStatus.UNSCHEDULED
        and visit.crew_size == 1
        and is_visit_plannable(session, visit.id)
    )
