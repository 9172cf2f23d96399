"""What a day came to, counted in the same way for what happened and for what might have."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.scheduling.arrivals.queries import EARLY
from dispatch.scheduling.backtests.history import History
from dispatch.scheduling.backtests.world import Done, World
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.problems.shifts import OVERTIME_PCT
from dispatch.technicians.models import Shift, Technician
from dispatch.travel.times import travel_times
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel.geo import DETOUR, Point, distance_m

CO2_GRAMS_PER_KM = Rules().co2_grams_per_kilometre
"""The usual value whatever the policies say, so that their courses are counted alike."""
HOUR = 3600


@dataclass(frozen=True)
class DayFigures:
    """Sums of one day, so that days add up; `unevenness` is 0 when everybody on shift works as
    much, and near 1 when one does everything (the Gini coefficient of time at work and on the
    way)."""

    visits: int = 0
    by_freelancers: int = 0
    due: int = 0
    due_met: int = 0
    promised: int = 0
    promises_kept: int = 0
    unserved: int = 0
    travel_seconds: int = 0
    work_seconds: int = 0
    overtime_seconds: int = 0
    cost_cents: int = 0
    co2_grams: int = 0
    unevenness: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


METRICS: Mapping[str, tuple[str, str | None, float]] = {
    "sla_met_pct": ("due_met", "due", 100),
    "promises_kept_pct": ("promises_kept", "promised", 100),
    "cost_cents_per_visit": ("cost_cents", "visits", 1),
    "travel_minutes_per_visit": ("travel_seconds", "visits", 1 / 60),
    "co2_kg": ("co2_grams", None, 1 / 1000),
    "unserved": ("unserved", None, 1),
    "overtime_minutes": ("overtime_seconds", None, 1 / 60),
    "by_freelancers": ("by_freelancers", None, 1),
    "unevenness": ("unevenness", None, 1),
}
"""Name -> the sum above, what it is divided by (days where none is named), and the unit."""


def metric(name: str, days: Sequence[Mapping[str, Any]]) -> float | None:
    """The metric over these days; None where there was nothing to divide by."""
    above, below, unit = METRICS[name]
    total: float = sum(day[above] for day in days)
    count: float = len(days) if below is None else sum(day[below] for day in days)
    return None if count == 0 else total * unit / count


def what_happened(history: History) -> list[Done]:
    return [
        Done(
            real.visit_id,
            real.technician_id,
            real.starts_at,
            real.ends_at,
            real.is_staff,
            0 if real.is_staff else real.cost_cents,
        )
        for real in history.real
    ]


def count(world: World, done: Sequence[Done]) -> DayFigures:
    """The figures of one course of the day; `world` says what was due and promised in the end."""
    history, starts = world.history, dict[UUID, datetime]()
    for item in sorted(done, key=lambda item: item.starts_at):
        starts.setdefault(item.visit_id, item.starts_at)
    visits = world.known.rows(Visit)
    due, missed = _due(world, visits, starts)
    windows = {key: item for key, item in world.bookings().items() if key in starts}
    kept = sum(
        window.arrival_start - EARLY <= starts[key] <= window.arrival_end
        for key, window in windows.items()
    )
    busy, cost, overtime, travel, metres, work = _by_technician(world, done)
    return DayFigures(
        visits=len(starts),
        by_freelancers=len({item.visit_id for item in done if not item.is_staff}),
        due=len(due),
        due_met=sum(key in starts and starts[key] <= at for key, at in due.items()),
        promised=len(windows),
        promises_kept=kept,
        unserved=missed,
        travel_seconds=travel,
        work_seconds=work,
        overtime_seconds=overtime,
        cost_cents=round(cost) + sum(item.cost_cents for item in done),
        co2_grams=round(metres / 1000 * CO2_GRAMS_PER_KM),
        unevenness=round(gini(list(_on_shift(world, busy, history).values())), 4),
    )


def _due(
    world: World, visits: Mapping[UUID, Visit], starts: Mapping[UUID, datetime]
) -> tuple[dict[UUID, datetime], int]:
    """Deadlines that the day could meet, and how many visits were due and not even begun."""
    history, due, missed = world.history, dict[UUID, datetime](), 0
    for key, visit in visits.items():
        at = visit.due_at
        if at is None or at < history.start or world.known_status(key) is VisitStatus.CANCELLED:
            continue
        if key in starts:
            due[key] = at
        elif at < history.end and not world.was_over(key):
            due[key] = at
            missed += 1
    return due, missed


def _by_technician(
    world: World, done: Sequence[Done]
) -> tuple[dict[UUID, int], float, int, int, float, int]:
    """Seconds busy of each of our own; cents and overtime for them; way, metres and work of all:
    freelancers drive as well, and are paid for it in what they ask."""
    routes: dict[UUID, list[Done]] = defaultdict(list)
    for item in done:
        routes[item.technician_id].append(item)
    busy: dict[UUID, int] = {}
    cost, overtime, travel, metres, work = 0.0, 0, 0, 0.0, 0
    for key in sorted(routes):
        person = world.known.find(Technician, key)
        if person is None:
            continue
        stops = sorted(routes[key], key=lambda item: item.starts_at)
        way, far = _ways(world, person, stops)
        at_work = sum(int((item.ends_at - item.starts_at).total_seconds()) for item in stops)
        travel, metres, work = travel + way, metres + far, work + at_work
        if not stops[0].is_staff:
            continue
        over = _overtime(world, key, stops[-1].ends_at)
        busy[key], overtime = way + at_work, overtime + over
        cost += way * person.travel_cents_per_hour / HOUR + at_work * person.hourly_cents / HOUR
        cost += over * person.hourly_cents * OVERTIME_PCT / 100 / HOUR
    return busy, cost, overtime, travel, metres, work


def _ways(world: World, person: Technician, stops: Sequence[Done]) -> tuple[int, float]:
    """Seconds and metres from home to the first stop and from each to the next."""
    at = Point(person.latitude, person.longitude)
    seconds, metres = 0, 0.0
    for stop in stops:
        visit = world.known.find(Visit, stop.visit_id)
        assert visit is not None
        there = world.history.place(visit.site_id)
        seconds += travel_times().between(at, there)
        metres += distance_m(at, there) * DETOUR
        at = there
    return seconds, metres


def _overtime(world: World, technician_id: UUID, last: datetime) -> int:
    ends = [
        shift.ends_at
        for shift in world.known.rows(Shift).values()
        if shift.technician_id == technician_id and shift.starts_at < last
    ]
    return max(0, int((last - max(ends)).total_seconds())) if ends else 0


def _on_shift(world: World, busy: Mapping[UUID, int], history: History) -> dict[UUID, int]:
    """Everybody who was to work that day, also those who had nothing to do."""
    own = {person.id for person in world.staff()}
    there = {
        shift.technician_id
        for shift in world.known.rows(Shift).values()
        if shift.technician_id in own and history.start <= shift.starts_at < history.end
    }
    return {key: busy.get(key, 0) for key in sorted(there | set(busy))}


def gini(amounts: Sequence[float]) -> float:
    """0 when all are equal; (n - 1) / n when one has everything."""
    total, ordered = sum(amounts), sorted(amounts)
    if total == 0:
        return 0.0
    weighted = sum((2 * place - len(ordered) - 1) * x for place, x in enumerate(ordered, 1))
    return weighted / (len(ordered) * total)
