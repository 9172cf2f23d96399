"""A territory with technicians, shifts and visits, ready to be scheduled, for tests."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.policies.models import Policy
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.policies.service import activate, create_version
from dispatch.scheduling.staffing.service import assign
from dispatch.technicians.models import Technician
from dispatch.territories.models import Territory
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from kernel import clock
from optimizer.limits import Limits
from optimizer.plan import Plan as Solution
from optimizer.problem import Problem
from optimizer.solve import solve as solve_here
from tests.factories.customers import make_site
from tests.factories.technicians import make_shift, make_technician
from tests.factories.territories import BERLIN, make_territory
from tests.factories.work_orders import make_visit, make_work_type

MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)
"""A Monday, eight o'clock in Berlin."""


@dataclass
class Town:
    """A territory, its people, and a kind of work that all of them can do."""

    territory: Territory
    work_type: WorkType
    technicians: list[Technician] = field(default_factory=list)

    @property
    def first(self) -> Technician:
        return self.technicians[0]


def make_town(
    session: Session,
    technicians: int = 2,
    *,
    at: datetime = MONDAY,
    days: int = 3,
    hours: float = 9,
    territory: dict[str, Any] | None = None,
    **work_type: Any,
) -> Town:
    """Time stands still at `at`; everybody works from then for `hours` on each of some days."""
    clock.freeze(session, at)
    place = make_territory(session, **(territory or {}))
    kind = {"skills": [{"skill": "boiler", "level": 2}], "expected_minutes": 60, **work_type}
    town = Town(place, make_work_type(session, **kind))
    for _ in range(technicians):
        add_technician(session, town, at=at, days=days, hours=hours)
    return town


def add_technician(
    session: Session,
    town: Town,
    *,
    at: datetime = MONDAY,
    days: int = 3,
    hours: float = 9,
    breaks: list[tuple[timedelta, timedelta, int]] | None = None,
    **over: Any,
) -> Technician:
    """Breaks are (earliest, latest, minutes) from the start of each shift."""
    values = {"skills": {"boiler": 3}, **over}
    technician = make_technician(session, town.territory, **values)
    for day in range(days):
        start = at + timedelta(days=day)
        pauses = [(start + first, start + last, m) for first, last, m in breaks or []]
        make_shift(session, technician, start, hours=hours, breaks=pauses)
    town.technicians.append(technician)
    return technician


def make_waiting(
    session: Session,
    town: Town,
    *,
    east: float = 0.0,
    north: float = 0.0,
    order_values: dict[str, Any] | None = None,
    **over: Any,
) -> Visit:
    """An unscheduled visit, so many degrees from the centre (0.01 is about a kilometre)."""
    site = make_site(
        session,
        latitude=BERLIN[0] + north,
        longitude=BERLIN[1] + east,
        territory_id=town.territory.id,
    )
    values = {"work_type_code": town.work_type.code, **(order_values or {})}
    return make_visit(session, site=site, order_values=values, **over)


def make_planned(
    session: Session,
    town: Town,
    technician: Technician,
    starts_at: datetime,
    *,
    source: str = "plan",
    **over: Any,
) -> tuple[Visit, Assignment]:
    """A visit that this technician has."""
    visit = make_waiting(session, town, **over)
    [row] = assign(session, visit.id, [technician.id], starts_at, source=source)
    return visit, row


def order_of(session: Session, visit: Visit) -> WorkOrder:
    return session.get_one(WorkOrder, visit.work_order_id)


def use_rules(session: Session, territory: Territory | None, **rules: Any) -> Policy:
    """Put a policy with these rules in force in a territory, or for the rest."""
    name = "Standard" if territory is None else territory.name
    territory_id = None if territory is None else territory.id
    policy = create_version(session, name, Rules(**rules), territory_id=territory_id)
    return activate(session, policy.id)


def quickly(
    problem: Problem, *, limit_seconds: float, seed: int, previous: Solution | None = None
) -> Solution:
    """The same optimizer, in this process, for a few iterations."""
    return solve_here(problem, Limits(iterations=60), seed, previous)
