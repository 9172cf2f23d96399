"""How much travel stands before each stop of a technician; plain Python."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.travel.times import travel_times
from kernel.geo import Point


@dataclass(frozen=True)
class Via:
    """Where something is fetched on the way, and how long that takes."""

    place: Point
    seconds: int


@dataclass(frozen=True)
class Stop:
    """Work of one technician at one place."""

    visit_id: UUID
    starts_at: datetime
    ends_at: datetime
    place: Point
    via: Via | None = None


@dataclass(frozen=True)
class Leg:
    """The trip to a stop. `busy_from` is when it leaves, cut so that nothing overlaps it."""

    stop: Stop
    travel_seconds: int
    busy_from: datetime
    fits: bool
    estimated: bool = False
    """A road network should have said how long it takes and did not."""


def legs(home: Point, shift_starts: Sequence[datetime], stops: Sequence[Stop]) -> list[Leg]:
    """The trips of one technician, from home in the first stop of each shift.

    `shift_starts` are in order of time.
    """
    found: list[Leg] = []
    times = travel_times()
    vias = [stop.via.place for stop in stops if stop.via is not None]
    times.learn([home, *(stop.place for stop in stops), *vias])
    before: Stop | None = None
    for stop in sorted(stops, key=lambda stop: (stop.starts_at, stop.ends_at)):
        same_shift = before is not None and _shift(shift_starts, before) == _shift(
            shift_starts, stop
        )
        origin = before.place if before is not None and same_shift else home
        fetching = 0
        if stop.via is not None:
            fetching = times.between(origin, stop.via.place) + stop.via.seconds
            origin = stop.via.place
        trip = times.trip(origin, stop.place)
        seconds = trip.seconds if trip.is_possible else times.between(origin, stop.place)
        seconds += fetching
        leaves = stop.starts_at - timedelta(seconds=seconds)
        earliest = before.ends_at if before is not None else leaves
        cut = min(max(leaves, earliest), stop.starts_at)
        fits = trip.is_possible and leaves >= earliest
        found.append(Leg(stop, seconds, cut, fits, trip.estimated))
        before = stop if before is None or stop.ends_at > before.ends_at else before
    return found


def _shift(shift_starts: Sequence[datetime], stop: Stop) -> int:
    return bisect_right(shift_starts, stop.starts_at)
