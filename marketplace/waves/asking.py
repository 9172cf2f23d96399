"""From somebody who could take a visit to what asking the person is worth; plain Python."""

from datetime import UTC, datetime, timedelta

from marketplace.crowd.matching import (
    LONGEST_LIFETIME,
    SHORTEST_LIFETIME,
    Candidate,
    Freelancer,
    Job,
    last_start,
)
from marketplace.estimates.features import Ask
from marketplace.estimates.learning import Model
from marketplace.waves.building import MOST_ROUNDS, AskingRules, Prospect, Step
from marketplace.waves.fairness import Share

ROUNDS = 3
"""An offer never stands so long that less than three rounds of asking fit in."""
MOST_TIMES = 2
"""Nobody is asked more often for the same visit within a day."""


QUIET_FROM, QUIET_UNTIL = 22, 6
"""Local hours in which people sleep: offers then stand until the morning, and nobody else is
asked before, unless there is no time for that."""


def life_of(
    now: datetime, until: datetime, answer_minutes: float, *, is_emergency: bool
) -> timedelta:
    """How long an offer stands: until most who would say yes have said it; `now` is local."""
    if is_emergency:
        return SHORTEST_LIFETIME
    usual = timedelta(minutes=answer_minutes)
    morning = _end_of_night(now)
    if morning is not None and until - morning > 2 * usual:
        return morning - now + usual
    return min(max(min((until - now) / ROUNDS, usual), SHORTEST_LIFETIME), LONGEST_LIFETIME)


def _end_of_night(now: datetime) -> datetime | None:
    if QUIET_UNTIL <= now.hour < QUIET_FROM:
        return None
    ends = now.replace(hour=QUIET_UNTIL, minute=30)
    local = ends if ends > now else ends + timedelta(days=1)
    return local.astimezone(UTC)  # two moments of one zone differ by what the clock shows


def rounds_left(now: datetime, until: datetime, life: timedelta) -> int:
    """How often one can ask, one wave after the other, before the dispatcher has to be told."""
    return max(int((until - now) / life), 1)


def rounds_of(
    job: Job, person: Freelancer, candidate: Candidate, now: datetime, life: timedelta
) -> int:
    """In how many rounds, one after the other, this person could still be asked."""
    way = timedelta(seconds=candidate.travel_seconds)
    last = last_start(job, person, way, candidate.ends_at - candidate.starts_at)
    return 1 if last is None else rounds_left(now, last - way, life)


def prospect(
    candidate: Candidate,
    ask: Ask,
    *,
    accept: Model,
    show: Model,
    share: Share,
    rules: AskingRules,
    rounds: int = MOST_ROUNDS,
    rank: int | None = None,
    refused_cents: int | None = None,
    pay_cents: int | None = None,
) -> Prospect | None:
    """The person with the chance of a yes at each step of pay, or at `pay_cents` alone; `ask` is
    the offer at usual pay, which could be made in each of so many `rounds`.

    Who said no to `refused_cents` is only asked for more; None where there is no such step.
    """
    uplifts = rules.uplifts_pct if pay_cents is None else (0,)
    usual = candidate.pay_cents if pay_cents is None else pay_cents
    pays = [(usual * (100 + uplift) + 50) // 100 for uplift in uplifts]
    chances = zip(pays, accept.chances(ask, pays), uplifts, strict=True)
    steps = tuple(Step(*one) for one in chances if refused_cents is None or one[0] > refused_cents)
    if not steps:
        return None
    return Prospect(
        candidate.technician_id,
        steps,
        show=show.chance(ask),
        ahead=share.ahead,
        share=share.equal,
        rounds=rounds,
        is_preferred=candidate.preferred,
        rank=rank,
    )
