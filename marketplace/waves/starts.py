"""When to propose that somebody comes: beside an own job, else when a yes is likeliest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from marketplace.crowd.matching import Candidate, Freelancer, Job, propose_start
from marketplace.crowd.on_the_way import on_the_way
from marketplace.estimates.features import next_part
from marketplace.estimates.service import Chances, ask_of

MOST_STARTS = 6
EARLY_ENOUGH = 0.9
"""A start is early enough when a yes is so likely against the likeliest start: customers would
rather not wait, and who knows their day well says yes to more than one time."""


def best_proposal(
    job: Job,
    person: Freelancer,
    first: Candidate,
    *,
    at: datetime,
    life: timedelta,
    until: datetime,
    chances: Chances,
) -> Candidate:
    """Beside a job that the person has, where that saves way; else at the best start.

    Nobody has to leave before the offer has run out, where there is time for that; `until` as for
    `best_start`.
    """
    beside = on_the_way(job, person, first, leaves_from=at + life)
    if beside is not None:
        return beside
    return best_start(job, person, first, at=at, life=life, until=until, chances=chances)


def best_start(
    job: Job,
    person: Freelancer,
    first: Candidate,
    *,
    at: datetime,
    life: timedelta,
    until: datetime,
    chances: Chances,
) -> Candidate:
    """Of the first possible start and the first ones of later parts of days, the earliest that is
    nearly as likely to be agreed to and kept as any.

    None lies after `until`: should the person not come, others can still be asked.
    """
    starts = [first, *islice(_later(job, person, first, until), MOST_STARTS - 1)]
    if len(starts) == 1:
        return first
    asks = [ask_of(job, person, one, at, life) for one in starts]
    likely = [chances.accept.chance(ask) * chances.show.chance(ask) for ask in asks]
    enough = EARLY_ENOUGH * max(likely)
    return next(one for one, chance in zip(starts, likely, strict=True) if chance >= enough)


def _later(job: Job, person: Freelancer, first: Candidate, until: datetime) -> Iterator[Candidate]:
    way, work = timedelta(seconds=first.travel_seconds), first.ends_at - first.starts_at
    last = first.starts_at
    until = min(until, job.latest)
    while (earliest := next_part(last.astimezone(job.zone))) <= until:
        start = propose_start(replace(job, earliest=earliest), person, way, work)
        if start is None or start > until:
            return
        yield replace(first, starts_at=start, ends_at=start + work)
        last = start
