"""Proposes a job beside one that the person has already, where it adds less way; plain Python.

Whoever is in that part of town anyway need not come from home and go back once more: the person is
paid for the work and for the way that the job adds to the day.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from dispatch.travel.times import travel_times
from kernel.geo import Point
from marketplace.crowd.matching import (
    Candidate,
    Freelancer,
    Job,
    OwnJob,
    has_hours_left,
    missing_proof,
    pay,
    whole_minute,
)

LONGEST_PAUSE = timedelta(hours=1)
"""With more time between two jobs people go home."""
MOST_OF_WAY_PCT = 85
"""A way nearly as long as from home and back is no reason for another time."""


def on_the_way(
    job: Job, person: Freelancer, alone: Candidate, *, leaves_from: datetime
) -> Candidate | None:
    """The proposal right after the last or right before the first own job of a stretch of free time
    that adds the least way; None where that saves little.

    `alone` is the proposal from home and back. Nobody has to leave before `leaves_from`.
    """
    fitting = [
        one
        for one in _beside(job, person, alone, leaves_from)
        if job.earliest <= one.starts_at <= job.latest
        and not any(a < one.ends_at and one.leaves_at < b for a, b in person.busy)
        and has_hours_left(person, one.starts_at, one.ends_at - one.starts_at)
        and missing_proof(job, person, one.starts_at, one.ends_at) is None
    ]
    best = min(fitting, key=lambda one: (one.way_seconds, one.starts_at), default=None)
    if best is None or best.way_seconds * 100 > alone.way_seconds * MOST_OF_WAY_PCT:
        return None
    return best


def _beside(
    job: Job, person: Freelancer, alone: Candidate, leaves_from: datetime
) -> Iterator[Candidate]:
    work = alone.ends_at - alone.starts_at
    for opens, closes in person.available:
        own = [one for one in person.own_jobs if opens <= one.starts_at and one.ends_at <= closes]
        if not own:
            continue
        last = max(own, key=lambda one: one.ends_at)
        way = _way(last.place, job.place)
        start = whole_minute(max(max(last.ends_at, leaves_from) + way, job.earliest))
        if start - way - last.ends_at <= LONGEST_PAUSE and start + work <= closes:
            yield _proposal(job, person, alone, last, start, way)
        first = min(own, key=lambda one: one.starts_at)
        leaves_home = first.starts_at - _way(person.home, first.place)
        start = min(first.starts_at - _way(job.place, first.place), leaves_home) - work
        start = start.replace(second=0, microsecond=0)
        way = _way(person.home, job.place)
        pause = first.starts_at - _way(job.place, first.place) - (start + work)
        if start - way >= max(opens, leaves_from) and pause <= LONGEST_PAUSE:
            yield _proposal(job, person, alone, first, start, way)


def _proposal(
    job: Job, person: Freelancer, alone: Candidate, own: OwnJob, start: datetime, way: timedelta
) -> Candidate:
    there, here = _way(person.home, own.place), _way(job.place, own.place)
    added = max(here + _way(job.place, person.home) - there, timedelta())
    cents = pay(
        person,
        minutes=job.minutes,
        way=added,
        wave=1,
        hourly_cents=person.rate_for(job.skills),
    )
    return replace(
        alone,
        starts_at=start,
        ends_at=start + (alone.ends_at - alone.starts_at),
        travel_seconds=int(way.total_seconds()),
        way_seconds=int(added.total_seconds()),
        pay_cents=cents,
        beside_visit_id=own.visit_id,
        apart_cents=max(alone.pay_cents - cents, 0),
    )


def _way(origin: Point, target: Point) -> timedelta:
    return timedelta(seconds=int(travel_times().between(origin, target)))
