"""The best order in which one person can do several jobs; plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations

from dispatch.travel.times import travel_times
from kernel.geo import Point
from marketplace.crowd.matching import Freelancer, Job, pay

MOST_JOBS = 5
"""120 orders are looked at for each person; a sixth job would make them 720."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stop:
    """One job of a route with the way to it."""

    job: Job
    starts_at: datetime
    ends_at: datetime
    travel_seconds: int

    @property
    def leaves_at(self) -> datetime:
        return self.starts_at - timedelta(seconds=self.travel_seconds)


@dataclass(frozen=True)
class Route:
    """Stops in order, and the way home."""

    stops: tuple[Stop, ...]
    home_seconds: int

    @property
    def travel_seconds(self) -> int:
        return sum(stop.travel_seconds for stop in self.stops) + self.home_seconds

    @property
    def ways(self) -> list[int]:
        """Seconds to each stop; the last has the way home too."""
        *most, last = (stop.travel_seconds for stop in self.stops)
        return [*most, last + self.home_seconds]

    def pays(self, person: Freelancer) -> list[int]:
        """Cents for each stop by the person's rates: its minutes and its way."""
        return [
            pay(
                person,
                minutes=stop.job.minutes,
                way=timedelta(seconds=seconds),
                wave=1,
                hourly_cents=person.rate_for(stop.job.skills),
            )
            for stop, seconds in zip(self.stops, self.ways, strict=True)
        ]


def best_route(jobs: Sequence[Job], person: Freelancer, leaves_from: datetime) -> Route | None:
    """The order with the least travel, the earliest end among equals; nobody has to leave before
    `leaves_from`. None when no order fits."""
    found = [
        route
        for order in permutations(jobs)
        for opens, closes in person.available
        if (route := _along(order, person, max(opens, leaves_from), closes)) is not None
    ]
    return min(found, key=lambda one: (one.travel_seconds, one.stops[-1].ends_at), default=None)


def _along(
    order: Sequence[Job], person: Freelancer, free_at: datetime, closes: datetime
) -> Route | None:
    """The jobs in this order within one stretch of free time."""
    place, stops = person.home, []
    for job in order:
        stop = _stop(job, person, place, free_at)
        if stop.starts_at > job.latest or stop.ends_at > closes:
            return None
        stops.append(stop)
        place, free_at = job.place, stop.ends_at
    return Route(tuple(stops), int(travel_times().between(place, person.home)))


def _stop(job: Job, person: Freelancer, place: Point, free_at: datetime) -> Stop:
    travel = int(travel_times().between(place, job.place))
    way = timedelta(seconds=travel)
    work = MINUTE * -(-job.minutes * 100 // person.speed_pct)
    start = _whole_minute(max(job.earliest, free_at + way))
    for busy_from, busy_until in sorted(person.busy):
        if start - way < busy_until and busy_from < start + work:
            start = _whole_minute(max(start, busy_until + way))
    return Stop(job, start, start + work, travel)


def _whole_minute(moment: datetime) -> datetime:
    cut = moment.replace(second=0, microsecond=0)
    return cut if cut == moment else cut + MINUTE
