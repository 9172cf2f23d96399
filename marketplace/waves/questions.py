"""A visit that is about to be offered: to whom it could be, at what pay, and what is at stake."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.crowd_shares.counting import SHARE_USED_UP
from dispatch.scheduling.crowd_shares.queries import used_up
from dispatch.scheduling.policies.lifecycle import CrowdOrder
from dispatch.scheduling.policies.queries import policies_in_force
from dispatch.scheduling.policies.rules import FASTEST_CENTS_PER_HOUR, price_of
from dispatch.technicians.lifecycle import Employment
from dispatch.work_orders.models import Visit
from kernel.clock import now
from marketplace.crowd import matching
from marketplace.crowd import queries as crowd
from marketplace.estimates import service as estimates
from marketplace.estimates.features import Ask
from marketplace.estimates.jobs import jobs_of
from marketplace.offers import queries as offers
from marketplace.offers.lifecycle import OPEN, OfferStatus
from marketplace.offers.models import Offer
from marketplace.trust_terms.queries import terms_in_force
from marketplace.waves import queries
from marketplace.waves.asking import MOST_TIMES, life_of, prospect, rounds_left, rounds_of
from marketplace.waves.building import RULES, AskingRules, Prospect, Stake
from marketplace.waves.fairness import Share
from marketplace.waves.starts import best_proposal, best_start

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HURRIED_WAVES = 2
"""Where the fastest comes first, asking begins so many rungs up the ladder."""
ALARM_BEFORE = timedelta(minutes=90)
"""So long before an arrival would be too late, waves end and the dispatcher is told."""
ASKED_ENOUGH, BELOW_RATE = "asked_enough", "below_rate"
Told = dict[UUID, tuple[str, str]]
"""Why somebody was asked or not: a code and a sentence."""


Verdict = matching.Candidate | matching.Refusal


@dataclass(frozen=True)
class Question:
    """How long one can ask, whom, and what the people asked before said."""

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
    rules: AskingRules
    pay_cents: int | None = None
    """What the office named; None: worked out for each."""
    is_hurried: bool = False
    """By its policy the fastest comes first."""

    @property
    def holding(self) -> set[UUID]:
        """Who has an open offer for it."""
        return {offer.technician_id for offer in self.made if offer.status in OPEN}

    def ask(self, one: matching.Candidate) -> Ask:
        """The offer as this person would see it, at the usual pay."""
        person = self.people[one.technician_id]
        return estimates.ask_of(self.job, person, one, self.at, self.life)


def rules_in_force(session: Session) -> AskingRules:
    """The usual rules, with the bound on differences that is in force."""
    terms = terms_in_force(session)
    return replace(
        RULES,
        most_ahead=terms.most_ahead,
        most_ahead_pct=terms.most_ahead_pct,
        window_days=terms.window_days,
    )


def question_of(
    session: Session,
    visit: Visit,
    wave: int,
    *,
    among: Collection[UUID] | None = None,
    pay_cents: int | None = None,
    is_named: bool = False,
) -> tuple[Question, list[Verdict]]:
    """Everything that asking for the visit now needs, and the verdict about everybody."""
    at = now(session)
    [job] = jobs_of(session, [visit], at)
    made = offers.list_of_visit(session, visit.id)
    people = crowd.list_freelancers(
        session,
        at,
        job.latest + DAY,
        technician_ids=among,
        asked_before={offer.technician_id for offer in made},
    )
    known = estimates.chances(session, {person.technician_id for person in people})
    until = max(job.latest - ALARM_BEFORE, at + matching.SHORTEST_LIFETIME)
    urgent, local = is_emergency(visit), at.astimezone(job.zone)
    if is_named:
        life = matching.lifetime(at, job.latest, is_emergency=urgent)
    else:
        life = life_of(local, until, known.answer_minutes, is_emergency=urgent)
    verdicts: list[Verdict] = [
        matching.judge_unhurried(job, person, at + life) for person in people
    ]
    verdicts = _within_share(session, visit, people, verdicts)
    if pay_cents is not None:
        verdicts = [_for_pay(verdict, pay_cents) for verdict in verdicts]
    holding = {offer.technician_id for offer in made if offer.status in OPEN}
    able = [
        v for v in verdicts if isinstance(v, matching.Candidate) and v.technician_id not in holding
    ]
    by_id = {person.technician_id: person for person in people}
    hurried = is_hurried(session, visit)
    if not (is_named or urgent or hurried):
        propose = best_proposal if pay_cents is None else best_start
        able = [
            propose(
                job, by_id[one.technician_id], one, at=at, life=life, until=until, chances=known
            )
            for one in able
        ]
    rules = rules_in_force(session)
    question = Question(
        visit, job, at, wave, until, life, by_id, able, made, known, rules, pay_cents, hurried
    )
    return question, verdicts


def _within_share(
    session: Session,
    visit: Visit,
    people: Collection[matching.Freelancer],
    verdicts: list[Verdict],
) -> list[Verdict]:
    """Where the policy's share of freelancers is used up, none of them can take the visit."""
    outside = {one.technician_id for one in people if one.employment == Employment.FREELANCE}
    could = [
        v.starts_at
        for v in verdicts
        if isinstance(v, matching.Candidate) and v.technician_id in outside
    ]
    share = used_up(session, {visit.id: min(could)}) if could else None
    if share is None:
        return verdicts
    return [
        matching.Refusal(v.technician_id, SHARE_USED_UP, share.sentence)
        if isinstance(v, matching.Candidate) and v.technician_id in outside
        else v
        for v in verdicts
    ]


def _for_pay(verdict: Verdict, pay_cents: int) -> Verdict:
    """Nobody is offered less than the usual pay, whoever names it."""
    if isinstance(verdict, matching.Refusal) or verdict.pay_cents <= pay_cents:
        return verdict
    return matching.Refusal(verdict.technician_id, BELOW_RATE, "Is paid more by the agreed rates.")


def refusals_of(verdicts: Collection[Verdict]) -> list[matching.Refusal]:
    return [verdict for verdict in verdicts if isinstance(verdict, matching.Refusal)]


def is_emergency(visit: Visit) -> bool:
    return visit.priority >= estimates.EMERGENCY


def is_hurried(session: Session, visit: Visit) -> bool:
    """By its policy the fastest comes first."""
    return policies_in_force(session).of(visit.territory_id).crowd is CrowdOrder.FASTEST


def prospects(session: Session, question: Question, told: Told) -> dict[UUID, Prospect]:
    """Those who may be asked now; of the others `told` says why not."""
    earliest = min((one.starts_at for one in question.able), default=question.at)
    hourly_cents = FASTEST_CENTS_PER_HOUR if question.is_hurried else 0
    since = question.at - timedelta(days=question.rules.window_days)
    shares = queries.shares_since(session, {one.technician_id for one in question.able}, since)
    times, refused = _answers(question)
    found = {}
    for one in question.able:
        key = one.technician_id
        made = prospect(
            one,
            question.ask(one),
            accept=question.chances.accept,
            show=question.chances.show,
            share=shares.get(key, Share()),
            rules=question.rules,
            rounds=rounds_of(question.job, question.people[key], one, question.at, question.life),
            refused_cents=refused.get(key),
            pay_cents=question.pay_cents,
        )
        if made is None or times.get(key, 0) >= MOST_TIMES:
            told[key] = (ASKED_ENOUGH, "Was asked before, and could not be offered more.")
        else:
            late = (one.starts_at - earliest) / HOUR
            found[key] = replace(made, late_cents=round(hourly_cents * late))
    return found


def chances_at(question: Question, pay_cents: int | None) -> Iterator[tuple[UUID, tuple[int, int]]]:
    """Percent of a yes and of coming of everybody able, at this pay or the usual one."""
    for one in question.able:
        ask = question.ask(one)
        pay = one.pay_cents if pay_cents is None else pay_cents
        [accept] = question.chances.accept.chances(ask, [pay])
        yield (
            one.technician_id,
            (round(100 * accept), round(100 * question.chances.show.chance(ask))),
        )


def stake(session: Session, question: Question) -> Stake:
    """The rounds left, and what the planner reckons for leaving the visit out, promised or not.

    Where the fastest comes first, as if this round were the last."""
    rules = policies_in_force(session).of(question.visit.territory_id)
    cents = price_of(rules.unserved_cents, question.visit.priority)
    if question.job.is_promised:
        cents = cents * rules.promised_pct // 100
    if question.pay_cents is not None:
        # Who names a pay would rather spend it than leave the visit.
        cents = max(cents, 2 * question.pay_cents)
    if question.is_hurried:
        return Stake(1, cents, question.wave + HURRIED_WAVES)
    rounds = rounds_left(question.at, question.until, question.life)
    return Stake(rounds, cents, question.wave)


def _answers(question: Question) -> tuple[dict[UUID, int], dict[UUID, int]]:
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
