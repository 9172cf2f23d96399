"""Whether the rest of a technician's day can still be kept; plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.travel.times import travel_times
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.geo import Point

TOLERANCE = timedelta(minutes=15)
"""How much later than planned a visit without a promised window may start."""


@dataclass(frozen=True)
class DayStop:
    """One visit of the day as planned and as it went so far.

    `latest_start` is the end of the promised window, or what the plan tolerates.
    """

    visit_id: UUID
    status: VisitStatus
    place: Point
    starts_at: datetime
    work: timedelta
    latest_start: datetime
    travel_seconds: int = 0
    started_at: datetime | None = None
    announced_at: datetime | None = None
    """When the technician said to be there."""


@dataclass(frozen=True)
class Expectation:
    """When work on a visit will probably start and end."""

    visit_id: UUID
    starts_at: datetime
    ends_at: datetime
    at_risk: bool


def expect(stops: Sequence[DayStop], now: datetime) -> list[Expectation]:
    """What is to be expected of the visits that are not over, in the order they will happen."""
    found: list[Expectation] = []
    free_at, place = now, None
    for stop in sorted(stops, key=_order):
        start = _start(stop, free_at, place, now)
        end = max(start + stop.work, now)
        planned = stop.started_at is None and stop.status is not VisitStatus.ON_SITE
        found.append(Expectation(stop.visit_id, start, end, planned and start > stop.latest_start))
        free_at, place = end, stop.place
    return found


UNDER_WAY = frozenset(
    {VisitStatus.EN_ROUTE, VisitStatus.ON_SITE, VisitStatus.IN_PROGRESS, VisitStatus.PAUSED}
)


def _order(stop: DayStop) -> tuple[bool, datetime]:
    return stop.status not in UNDER_WAY, stop.starts_at


def _start(stop: DayStop, free_at: datetime, place: Point | None, now: datetime) -> datetime:
    if stop.started_at is not None:
        return stop.started_at
    if stop.status is VisitStatus.ON_SITE:
        return now
    if stop.status is VisitStatus.EN_ROUTE:
        # without a position the plan is the best guess of the arrival
        return max(now, stop.announced_at or stop.starts_at)
    seconds = stop.travel_seconds
    if place is not None:
        seconds = travel_times().between(place, stop.place, at=free_at)
    return max(free_at + timedelta(seconds=seconds), stop.announced_at or stop.starts_at)
