"""Plans: requested once, checked, applied in groups, and never against people."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.events import TechnicianAbsent, VisitUnserved
from dispatch.scheduling import solver
from dispatch.scheduling.assignments.queries import assignment_of, assignments_of
from dispatch.scheduling.bookings.queries import find_confirmed
from dispatch.scheduling.changes.grouping import Change, Place, groups
from dispatch.scheduling.moves.service import move
from dispatch.scheduling.pins.models import PinKind
from dispatch.scheduling.pins.service import pin, unpin
from dispatch.scheduling.plans import tasks
from dispatch.scheduling.plans.lifecycle import PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.releases import release_absent
from dispatch.scheduling.plans.service import begin, request_plan
from dispatch.scheduling.plans.solving import apply_plan, run_plan
from dispatch.scheduling.problems.build import build_for_plan
from dispatch.scheduling.problems.queries import load_demand, load_staff
from dispatch.scheduling.slots.service import confirm_hold, hold_slot
from dispatch.scheduling.staffing.service import assign, unassign
from dispatch.technicians.lifecycle import AbsenceKind
from dispatch.technicians.service import report_absence
from dispatch.work_orders.lifecycle import VisitStatus
from kernel import clock
from kernel.errors import Unavailable
from kernel.events import EventRow, from_payload
from optimizer.check import check
from optimizer.limits import Limits
from optimizer.plan import Plan as Solution
from optimizer.problem import Problem
from optimizer.solve import solve as solve_here
from tests.factories.scheduling import (
    MONDAY,
    Town,
    add_technician,
    make_planned,
    make_town,
    make_waiting,
    quickly,
)
from tests.factories.technicians import make_absence

V = VisitStatus
NINE = MONDAY + timedelta(hours=1)
HOUR = timedelta(hours=1)


def plan_now(session: Session, town: Town, solve: Any = quickly) -> Plan:
    plan = request_plan(session, territory_ids=[town.territory.id])
    session.flush()
    run_plan(plan.id, solve)
    session.expire_all()
    return session.get_one(Plan, plan.id)


def events(session: Session, name: str) -> list[dict[str, Any]]:
    rows = select(EventRow.payload).where(EventRow.name == name).order_by(EventRow.id)
    return list(session.scalars(rows))


class TestRequestPlan:
    def test_answers_a_second_request_with_the_first(self, session: Session) -> None:
        town = make_town(session)
        first = request_plan(session, territory_ids=[town.territory.id])
        assert request_plan(session, territory_ids=[town.territory.id]).id == first.id

    def test_does_not_wait_for_one_that_is_being_solved(self, session: Session) -> None:
        town = make_town(session)
        make_waiting(session, town)
        first = request_plan(session, territory_ids=[town.territory.id])
        begin(session, first.id)
        assert request_plan(session, territory_ids=[town.territory.id]).id != first.id

    def test_one_for_all_covers_one_for_some(self, session: Session) -> None:
        town = make_town(session)
        everything = request_plan(session)
        assert request_plan(session, territory_ids=[town.territory.id]).id == everything.id


class TestRunPlan:
    def test_plans_what_waits(self, session: Session) -> None:
        town = make_town(session)
        visits = [make_waiting(session, town, east=0.01 * n) for n in range(5)]
        plan = plan_now(session, town)
        assert plan.status is PlanStatus.APPLIED
        assert all(visit.status is V.SCHEDULED for visit in visits)
        assert sum(len(group["moved"]) for group in plan.groups) == 5
        assert plan.score is not None
        assert plan.snapshot is not None

    def test_is_nothing_when_nothing_waits(self, session: Session) -> None:
        town = make_town(session)
        assert plan_now(session, town).status is PlanStatus.EMPTY

    def test_says_why_and_tells_the_market_when_nobody_can(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town, skills=[{"skill": "lift", "level": 1}])
        plan = plan_now(session, town)
        assert visit.status is V.UNSCHEDULED
        assert plan.unassigned[0]["reasons"][0]["code"] == "skill_missing"
        [told] = events(session, VisitUnserved.name)
        assert (told["visit_id"], told["reason"]) == (str(visit.id), "skill_missing")

    def test_keeps_everything_when_the_optimizer_is_away(self, session: Session) -> None:
        def away(*_: Any, **__: Any) -> Solution:
            raise Unavailable("The optimizer did not answer.")

        town = make_town(session)
        make_waiting(session, town)
        planned, _ = make_planned(session, town, town.first, NINE)
        plan = plan_now(session, town, away)
        assert (plan.status, plan.message) == (PlanStatus.FAILED, "The optimizer did not answer.")
        assert planned.status is V.SCHEDULED

    def test_refuses_a_plan_that_breaks_rules(self, session: Session) -> None:
        def wrong(problem: Problem, **more: Any) -> Solution:
            good = quickly(problem, **more)
            return Solution(good.routes[:1] + good.routes[:1], good.unassigned, good.score)

        town = make_town(session)
        visit = make_waiting(session, town)
        plan = plan_now(session, town, wrong)
        assert plan.status is PlanStatus.REFUSED
        assert visit.status is V.UNSCHEDULED

    def test_changes_nothing_the_second_time(self, session: Session) -> None:
        town = make_town(session)
        visits = [make_waiting(session, town, east=0.01 * n) for n in range(4)]
        plan_now(session, town)
        before = {visit.id: assignment_of(session, visit.id) for visit in visits}
        ids = {key: row.id for key, row in before.items() if row is not None}
        clock.freeze(session, MONDAY + timedelta(minutes=1))
        assert plan_now(session, town).status is PlanStatus.EMPTY
        after = {visit.id: assignment_of(session, visit.id) for visit in visits}
        assert ids == {key: row.id for key, row in after.items() if row is not None}

    def test_keeps_a_promise_when_it_moves_a_visit(self, session: Session) -> None:
        town = make_town(session, technicians=2)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY + 2 * HOUR, MONDAY + 4 * HOUR)
        booking = confirm_hold(session, visit.id)
        release_all_of(session, town, visit.id)
        plan_now(session, town)
        row = assignment_of(session, visit.id)
        assert row is not None
        assert booking.arrival_start <= row.starts_at <= booking.arrival_end
        assert find_confirmed(session, visit.id) is not None

    def test_leaves_alone_what_a_person_moved_meanwhile(self, session: Session) -> None:
        town = make_town(session)
        visit, other = make_waiting(session, town), make_waiting(session, town, east=0.02)

        def slowly(problem: Problem, **more: Any) -> Solution:
            found = quickly(problem, **more)
            person = town.technicians[1].id
            assign(session, visit.id, [person], MONDAY + 7 * HOUR, source="dispatcher")
            return found

        plan = plan_now(session, town, slowly)
        row = assignment_of(session, visit.id)
        assert row is not None
        assert (row.starts_at, row.source) == (MONDAY + 7 * HOUR, "dispatcher")
        assert other.status is V.SCHEDULED
        assert plan.status is PlanStatus.PARTLY_APPLIED
        left = [item for group in plan.groups for item in group["left"]]
        assert left == [{"visit_id": str(visit.id), "reason": "changed_meanwhile"}]

    def test_leaves_alone_what_was_pinned_meanwhile(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)

        def slowly(problem: Problem, **more: Any) -> Solution:
            found = quickly(problem, **more)
            pin(session, visit.id, PinKind.TIME, starts_at=MONDAY + 8 * HOUR)
            return found

        plan_now(session, town, slowly)
        assert visit.status is V.UNSCHEDULED

    def test_gives_nothing_to_whoever_fell_ill_meanwhile(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)

        def slowly(problem: Problem, **more: Any) -> Solution:
            found = quickly(problem, **more)
            until = MONDAY + 24 * HOUR
            report_absence(session, town.first.id, MONDAY, until, AbsenceKind.ILLNESS)
            return found

        plan = plan_now(session, town, slowly)
        assert plan.status is PlanStatus.PARTLY_APPLIED
        assert visit.status is V.UNSCHEDULED
        assert assignments_of(session, visit.id) == []

    def test_keeps_pins(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        pin(session, visit.id, PinKind.TECHNICIAN, technician_id=town.technicians[1].id)
        pin(session, visit.id, PinKind.TIME, starts_at=MONDAY + 5 * HOUR)
        plan_now(session, town)
        row = assignment_of(session, visit.id)
        assert row is not None
        assert (row.technician_id, row.starts_at) == (
            town.technicians[1].id,
            MONDAY + 5 * HOUR,
        )
        unpin(session, visit.id)

    def test_does_not_put_anything_over_a_hold(self, session: Session) -> None:
        town = make_town(session, technicians=1, hours=2.6, days=1)
        held = make_waiting(session, town)
        hold_slot(session, held.id, MONDAY, MONDAY + 2 * HOUR)
        for _ in range(3):
            make_waiting(session, town)
        plan = plan_now(session, town)
        assert plan.status is PlanStatus.APPLIED
        assert len(assignments_of(session, held.id)) == 1

    def test_swaps_two_technicians(self, session: Session) -> None:
        town = make_town(session, technicians=0)
        west = add_technician(session, town, longitude=13.2)
        east = add_technician(session, town, longitude=13.6)
        in_west, _ = make_planned(session, town, east, NINE, east=-0.2)
        in_east, _ = make_planned(session, town, west, NINE, east=0.2)
        plan = plan_now(session, town)
        assert plan.status is PlanStatus.APPLIED
        assert [row.technician_id for row in assignments_of(session, in_west.id)] == [west.id]
        assert [row.technician_id for row in assignments_of(session, in_east.id)] == [east.id]

    def test_keeps_a_dispatched_visit_with_its_technician(self, session: Session) -> None:
        town = make_town(session, technicians=0)
        add_technician(session, town, longitude=13.2)
        east = add_technician(session, town, longitude=13.6)
        visit, _ = make_planned(session, town, east, NINE + 4 * HOUR, east=-0.2)
        move(session, visit.id, V.DISPATCHED)
        plan_now(session, town)
        assert [row.technician_id for row in assignments_of(session, visit.id)] == [east.id]
        assert visit.status is V.DISPATCHED

    def test_plans_a_crew_together(self, session: Session) -> None:
        town = make_town(session, technicians=3, crew_size=2)
        visit = make_waiting(session, town)
        plan_now(session, town)
        rows = assignments_of(session, visit.id)
        assert len({row.technician_id for row in rows}) == 2
        assert len({row.starts_at for row in rows}) == 1

    def test_plans_around_work_under_way(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit, _ = make_planned(session, town, town.first, MONDAY + HOUR / 2)
        for to in (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS):
            move(session, visit.id, to)
        clock.freeze(session, MONDAY + HOUR)
        waiting = make_waiting(session, town, east=0.03)
        plan_now(session, town)
        row = assignment_of(session, waiting.id)
        assert row is not None
        assert row.starts_at >= MONDAY + 1.5 * HOUR

    def test_does_not_choose_for_a_customer_who_is_choosing(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town, order_values={"source": "booking"})
        plan_now(session, town)
        before = visit.status
        clock.freeze(session, MONDAY + timedelta(minutes=16))
        plan_now(session, town)
        assert (before, visit.status) == (V.UNSCHEDULED, V.SCHEDULED)

    def test_leaves_to_others_what_would_be_late(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        make_absence(session, town.first, MONDAY, MONDAY + 4 * HOUR)
        urgent = make_waiting(session, town, due_at=MONDAY + 3 * HOUR)
        plan_now(session, town)
        before = urgent.status
        assert before is V.UNSCHEDULED
        clock.freeze(session, MONDAY + 2 * HOUR)
        plan_now(session, town)
        assert urgent.status in {V.SCHEDULED}

    def test_an_emergency_takes_the_place_of_lesser_work(self, session: Session) -> None:
        town = make_town(session, technicians=1, hours=1.3, days=1)
        lesser = make_waiting(session, town, priority=1)
        plan_now(session, town)
        assert lesser.status is V.SCHEDULED
        urgent = make_waiting(session, town, priority=5)
        plan_now(session, town)
        assert (lesser.status, urgent.status) == (V.UNSCHEDULED, V.SCHEDULED)

    @pytest.mark.committed
    def test_works_with_the_solver_process(self, database: Any) -> None:
        with database.transaction() as session:
            town = make_town(session)
            visits = [make_waiting(session, town, east=0.01 * n).id for n in range(4)]
            plan_id = request_plan(session, territory_ids=[town.territory.id], limit_seconds=0.3).id
        try:
            run_plan(plan_id)
        finally:
            solver.pool().stop()
        with database.transaction() as session:
            assert session.get_one(Plan, plan_id).status is PlanStatus.APPLIED
            assert all(assignment_of(session, key) is not None for key in visits)


def release_all_of(session: Session, town: Town, visit_id: UUID) -> None:
    """Its technician falls ill, and everything else is as before."""
    row = assignment_of(session, visit_id)
    assert row is not None
    report_absence(
        session, row.technician_id, MONDAY, MONDAY + 9 * HOUR, AbsenceKind.ILLNESS, "flu"
    )
    release_absent(session, row.technician_id, MONDAY, MONDAY + 9 * HOUR)


class TestReleaseAbsent:
    def test_takes_off_what_has_not_begun(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        running, _ = make_planned(session, town, town.first, MONDAY + HOUR / 2)
        later, _ = make_planned(session, town, town.first, NINE + 2 * HOUR)
        tomorrow, _ = make_planned(session, town, town.first, NINE + 24 * HOUR)
        for to in (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS):
            move(session, running.id, to)
        released = release_absent(session, town.first.id, MONDAY, MONDAY + 10 * HOUR)
        assert released == [later.id]
        assert (running.status, running.at_risk) == (V.IN_PROGRESS, True)
        assert tomorrow.status is V.SCHEDULED


class TestPlanTriggers:
    def test_sickness_releases_and_plans_again(self, session: Session, run_jobs: Any) -> None:
        town = make_town(session, technicians=2)
        visit, _ = make_planned(session, town, town.first, NINE)
        report_absence(
            session, town.first.id, MONDAY, MONDAY + 9 * HOUR, AbsenceKind.ILLNESS, "flu"
        )
        run_jobs_without_planning(session)
        assert visit.status is V.UNSCHEDULED
        assert session.scalar(select(func.count()).select_from(Plan)) == 1


def run_jobs_without_planning(session: Session) -> None:
    for payload in events(session, TechnicianAbsent.name):
        absent = from_payload(TechnicianAbsent.name, payload)
        assert isinstance(absent, TechnicianAbsent)
        tasks.release_absent(session, absent)


def change(number: int, before: set[UUID], after: list[UUID]) -> Change:
    places = tuple(Place(key, NINE, NINE + HOUR, 0) for key in after)
    return Change(UUID(int=number), 1, frozenset(before), places)


class TestGroups:
    people = [UUID(int=1000 + n) for n in range(60)]

    def test_keeps_apart_who_exchange_nothing(self) -> None:
        a, b, c, d = self.people[:4]
        found = groups([change(1, {a}, [b]), change(2, {c}, [d])])
        assert [len(group.changes) for group in found] == [1, 1]

    def test_joins_a_rotation(self) -> None:
        a, b, c = self.people[:3]
        found = groups([change(1, {a}, [b]), change(2, {b}, [c]), change(3, {c}, [a])])
        assert [len(group.changes) for group in found] == [3]

    def test_cuts_what_is_too_large(self) -> None:
        chain = [change(n, {self.people[n]}, [self.people[n + 1]]) for n in range(50)]
        found = groups(chain)
        assert all(len(group.technicians) <= 20 for group in found)
        assert sorted(c.visit_id for group in found for c in group.changes) == sorted(
            c.visit_id for c in chain
        )


class TestProblem:
    def test_the_schedule_as_it_stands_breaks_no_rule(self, session: Session) -> None:
        town = make_town(session, technicians=2)
        for hour in (1, 3, 5):
            make_planned(session, town, town.first, MONDAY + hour * HOUR, east=0.02 * hour)
        held = make_waiting(session, town)
        hold_slot(session, held.id, MONDAY, MONDAY + 2 * HOUR)
        start, end = MONDAY + timedelta(minutes=5), MONDAY + timedelta(days=2)
        ids = [town.territory.id]
        built = build_for_plan(
            load_staff(session, ids, start, end), load_demand(session, ids, start, end), start, end
        )
        assert len(built.planned) == 3
        known = {stop.job_id for route in built.previous.routes for stop in route.stops}
        assert len(known) == 4
        solution = quickly(built.problem, limit_seconds=1, seed=0, previous=built.previous)
        assert check(built.problem, solution) == []


class TestApplyPlan:
    def test_an_unassigned_visit_that_was_promised_stays(self, session: Session) -> None:
        def nothing(problem: Problem, **_: Any) -> Solution:
            return solve_here(problem, Limits(iterations=0), 0)

        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        [row] = hold_slot(session, visit.id, MONDAY + 2 * HOUR, MONDAY + 4 * HOUR)
        confirm_hold(session, visit.id)
        pin(session, visit.id, PinKind.TIME, starts_at=MONDAY + 20 * HOUR)
        plan = plan_now(session, town, nothing)
        assert [found.id for found in assignments_of(session, visit.id)] == [row.id]
        assert plan.unassigned[0]["stays"]

    def test_is_safe_to_repeat(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        plan = request_plan(session, territory_ids=[town.territory.id])
        begun = begin(session, plan.id)
        assert begun is not None
        solution = quickly(begun[1].problem, limit_seconds=1, seed=1)
        apply_plan(plan.id, begun[1], solution)
        session.expire_all()
        first = assignment_of(session, visit.id)
        run_plan(plan.id, quickly)
        apply_plan(plan.id, begun[1], solution)
        session.expire_all()
        second = assignment_of(session, visit.id)
        assert first is not None
        assert second is not None
        assert first.id == second.id

    def test_gives_the_visit_back_that_a_person_took(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)

        def slowly(problem: Problem, **more: Any) -> Solution:
            found = quickly(problem, **more)
            unassign(session, visit.id, "the customer called")
            return found

        plan_now(session, town, slowly)
        assert assignments_of(session, visit.id) == []
