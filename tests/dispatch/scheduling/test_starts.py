"""A start that stands in the plan is somebody's morning: it moves only for what that is worth."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.changes.difference import moved_starts_cents
from dispatch.scheduling.changes.grouping import Change, Place
from dispatch.scheduling.moves.service import move
from dispatch.scheduling.plans.lifecycle import PlanKind
from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.plans.solving import run_plan
from dispatch.scheduling.queries import assignments_of
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from optimizer.job import SoftWindow
from optimizer.limits import Limits
from optimizer.plan import Plan as Solution
from optimizer.problem import Problem
from optimizer.solve import solve
from tests.dispatch.scheduling.test_feeds import built_for
from tests.factories.scheduling import (
    MONDAY,
    Town,
    make_planned,
    make_town,
    make_waiting,
    order_of,
    use_rules,
)

HOUR = timedelta(hours=1)
DEGREES = 0.1


def searched(
    problem: Problem, *, limit_seconds: float, seed: int, previous: Solution | None = None
) -> Solution:
    return solve(problem, Limits(iterations=500), 1, previous)


def book(session: Session, town: Town, dice: random.Random) -> Visit:
    """Somewhere in the town, promised for the first or the last four hours of the day."""
    east, north = dice.uniform(-DEGREES, DEGREES), dice.uniform(-DEGREES, DEGREES)
    visit = make_waiting(session, town, east=east, north=north)
    starts = MONDAY + HOUR / 2 + dice.choice((0, 4)) * HOUR
    session.add(
        Booking(
            visit_id=visit.id,
            customer_id=order_of(session, visit).customer_id,
            arrival_start=starts,
            arrival_end=starts + 4 * HOUR,
        )
    )
    session.flush()
    return visit


def plan(session: Session, town: Town, kind: PlanKind = PlanKind.PLAN) -> None:
    found = request_plan(session, territory_ids=[town.territory.id], kind=kind)
    run_plan(found.id, searched)
    session.expire_all()


def moved_and_served(session: Session, *, start_cents: int, seed: int) -> tuple[int, int]:
    """How often a booked visit that somebody had got another person or start while more and more
    were booked, and how many were served in the end."""
    dice = random.Random(seed)
    town = make_town(session, technicians=4, days=1)
    use_rules(session, town.territory, start_cents=start_cents)
    visits = [book(session, town, dice) for _ in range(14)]
    plan(session, town)
    moves = 0
    for _ in range(4):
        before = {visit.id: seats(session, visit) for visit in visits}
        visits.append(book(session, town, dice))
        plan(session, town)
        plan(session, town, PlanKind.IMPROVEMENT)
        moves += sum(
            bool(before[visit.id]) and seats(session, visit) != before[visit.id]
            for visit in visits[:-1]
        )
    return moves, sum(bool(seats(session, visit)) for visit in visits)


def seats(session: Session, visit: Visit) -> list[tuple[UUID, datetime]]:
    return [(row.technician_id, row.starts_at) for row in assignments_of(session, visit.id)]


def wish(session: Session, town: Town, visit: Visit) -> SoftWindow | None:
    return built_for(session, town).problem.job_by_id[str(visit.id)].soft_window


class TestStarts:
    def test_move_less_when_that_has_a_price(self, session: Session) -> None:
        free, served_then = moved_and_served(session, start_cents=0, seed=1)
        dear, served = moved_and_served(session, start_cents=300, seed=1)
        assert dear < free
        assert served >= served_then

    def test_of_told_visits_are_wished_no_later_than_planned(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, MONDAY + HOUR)
        assert wish(session, town, visit) is None
        move(session, visit.id, VisitStatus.DISPATCHED)
        assert wish(session, town, visit) == SoftWindow(0, 3600 + 600, 30)
        use_rules(session, town.territory, start_cents=0)
        assert wish(session, town, visit) is None

    def test_are_paid_for_by_an_improvement(self, session: Session) -> None:
        town = make_town(session)
        use_rules(session, town.territory, start_cents=450)
        visit, row = make_planned(session, town, town.first, MONDAY + HOUR)
        move(session, visit.id, VisitStatus.DISPATCHED)
        built = built_for(session, town)
        for minutes, cents in ((10, 0), (11, 450), (-11, 450)):
            starts_at = row.starts_at + timedelta(minutes=minutes)
            after = (Place(row.technician_id, starts_at, row.ends_at, 0),)
            change = Change(visit.id, visit.version, frozenset({row.technician_id}), after)
            assert moved_starts_cents(built, [change]) == cents
