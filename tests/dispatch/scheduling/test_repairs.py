"""Repairs: the smallest change after something went wrong, by itself or after a decision."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.events import PlanDrafted, TechnicianAbsent, VisitAtRisk, VisitUnserved
from dispatch.scheduling.assignments.queries import assignment_of
from dispatch.scheduling.moves.service import move
from dispatch.scheduling.plans import tasks
from dispatch.scheduling.plans.lifecycle import PlanKind, PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.releases import release_absent
from dispatch.scheduling.plans.service import (
    approve,
    begin,
    forget_undecided,
    request_plan,
    request_repair,
)
from dispatch.scheduling.plans.solving import run_approved, run_plan
from dispatch.technicians.lifecycle import AbsenceKind
from dispatch.technicians.service import report_absence
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.events import EventRow, from_payload
from tests.factories.scheduling import (
    MONDAY,
    Town,
    add_technician,
    make_planned,
    make_town,
    make_waiting,
    quickly,
    use_rules,
)

V = VisitStatus
HOUR = timedelta(hours=1)
NINE = MONDAY + HOUR


def repair(session: Session, town: Town, visits: list[Visit]) -> Plan:
    ids = [visit.id for visit in visits]
    plan = request_repair(session, town.territory.id, ids, trigger="test")
    session.flush()
    run_plan(plan.id, quickly)
    session.expire_all()
    return session.get_one(Plan, plan.id)


def fall_ill(session: Session, town: Town) -> None:
    until = MONDAY + 9 * HOUR
    report_absence(session, town.first.id, MONDAY, until, AbsenceKind.ILLNESS)
    release_absent(session, town.first.id, MONDAY, until)


def unlock(session: Session, town: Town, budget: int) -> None:
    """Who is sent may change after sending out; so many broken promises go unasked."""
    use_rules(session, town.territory, lead_minutes=60, lock_technician=False, repair_budget=budget)


def whereabouts(session: Session, visit: Visit) -> tuple[UUID, datetime] | None:
    row = assignment_of(session, visit.id)
    return None if row is None else (row.technician_id, row.starts_at)


class TestRepair:
    def test_places_what_an_ill_technician_leaves_and_moves_nobody_else(
        self, session: Session
    ) -> None:
        town = make_town(session, technicians=3)
        lost = [
            make_planned(session, town, town.first, NINE + n * 2 * HOUR, east=0.01 * n)[0]
            for n in range(3)
        ]
        others = [
            make_planned(session, town, person, NINE + n * 2 * HOUR, east=0.02 * n)[0]
            for person in town.technicians[1:]
            for n in range(2)
        ]
        before = [whereabouts(session, visit) for visit in others]
        fall_ill(session, town)
        plan = repair(session, town, lost)
        assert (plan.kind, plan.status) == (PlanKind.REPAIR, PlanStatus.APPLIED)
        assert all(visit.status is V.SCHEDULED for visit in lost)
        for visit, then in zip(others, before, strict=True):
            now = whereabouts(session, visit)
            assert now is not None
            assert then is not None
            assert now[0] == then[0]
            assert abs(now[1] - then[1]) <= timedelta(minutes=30)
        assert plan.difference is not None
        assert plan.difference["promises_broken"] == 0

    def test_leaves_alone_what_nobody_asked_about(self, session: Session) -> None:
        town = make_town(session)
        asked, other = make_waiting(session, town), make_waiting(session, town, east=0.01)
        repair(session, town, [asked])
        assert (asked.status, other.status) == (V.SCHEDULED, V.UNSCHEDULED)

    def test_is_nothing_when_the_visit_is_over(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        move(session, visit.id, V.CANCELLED)
        assert repair(session, town, [visit]).status is PlanStatus.EMPTY

    def test_tells_the_market_what_nobody_can_take(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit, _ = make_planned(session, town, town.first, NINE)
        fall_ill(session, town)
        session.flush()
        for shift_day in (1, 2):
            start = MONDAY + timedelta(days=shift_day)
            report_absence(session, town.first.id, start, start + 9 * HOUR, AbsenceKind.ILLNESS)
        plan = repair(session, town, [visit])
        assert [item["visit_id"] for item in plan.unassigned] == [str(visit.id)]
        rows = session.scalars(select(EventRow).where(EventRow.name == VisitUnserved.name))
        assert [row.payload["visit_id"] for row in rows] == [str(visit.id)]


class TestBudget:
    def make_urgent(self, session: Session, budget: int) -> tuple[Town, Visit, Visit]:
        """An emergency that only the one technician can do, whose day is full of a visit that
        has been sent out and that another could do."""
        town = make_town(session, technicians=0, days=1, hours=1.5)
        expert = add_technician(session, town, days=1, hours=1.5, skills={"boiler": 3, "gas": 3})
        add_technician(session, town, days=1, hours=9)
        unlock(session, town, budget)
        sent, _ = make_planned(session, town, expert, MONDAY + HOUR / 4)
        move(session, sent.id, V.DISPATCHED)
        needs = [{"skill": "gas", "level": 2}]
        urgent = make_waiting(session, town, priority=5, skills=needs)
        return town, sent, urgent

    def test_within_it_a_repair_is_applied_by_itself(self, session: Session) -> None:
        town, sent, urgent = self.make_urgent(session, budget=1)
        plan = repair(session, town, [urgent])
        assert plan.status is PlanStatus.APPLIED
        assert (urgent.status, sent.status) == (V.SCHEDULED, V.SCHEDULED)

    def test_above_it_a_repair_waits_for_a_person(self, session: Session) -> None:
        town, sent, urgent = self.make_urgent(session, budget=0)
        plan = repair(session, town, [urgent])
        assert plan.status is PlanStatus.DRAFTED
        assert (urgent.status, sent.status) == (V.UNSCHEDULED, V.DISPATCHED)
        [row] = session.scalars(select(EventRow).where(EventRow.name == PlanDrafted.name))
        assert (row.payload["kind"], row.payload["promises_broken"]) == ("repair", 1)
        approve(session, plan.id)
        run_approved(plan.id)
        session.expire_all()
        assert (urgent.status, sent.status) == (V.SCHEDULED, V.SCHEDULED)

    def test_a_newer_repair_of_the_same_takes_its_place(self, session: Session) -> None:
        town, _, urgent = self.make_urgent(session, budget=0)
        first = repair(session, town, [urgent])
        second = repair(session, town, [urgent])
        assert first.id != second.id
        assert (first.status, second.status) == (PlanStatus.DROPPED, PlanStatus.DRAFTED)

    def test_one_that_nobody_decides_about_gives_way(self, session: Session) -> None:
        town, _, urgent = self.make_urgent(session, budget=0)
        plan = repair(session, town, [urgent])
        forget_undecided(session)
        waits = plan.status
        clock.freeze(session, MONDAY + HOUR)
        forget_undecided(session)
        assert (waits, plan.status) == (PlanStatus.DRAFTED, PlanStatus.DROPPED)


class TestRequestRepair:
    def test_takes_further_visits_in_while_it_waits(self, session: Session) -> None:
        town = make_town(session)
        one, two = make_waiting(session, town), make_waiting(session, town)
        first = request_repair(session, town.territory.id, [one.id], trigger="test")
        second = request_repair(session, town.territory.id, [two.id], trigger="test")
        assert first.id == second.id
        assert set(first.visit_ids) == {one.id, two.id}

    def test_is_answered_by_a_plan_that_waits(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        plan = request_plan(session, territory_ids=[town.territory.id])
        repair = request_repair(session, town.territory.id, [visit.id], trigger="test")
        assert repair.id == plan.id


class TestBegin:
    def test_reads_only_what_is_near(self, session: Session) -> None:
        town = make_town(session, technicians=0, days=1)
        for number in range(12):
            add_technician(session, town, days=1, longitude=13.0 + 0.1 * number)
        visit = make_waiting(session, town, east=-0.4)
        far, _ = make_planned(session, town, town.technicians[-1], NINE, east=0.7)
        plan = request_repair(session, town.territory.id, [visit.id], trigger="test")
        session.flush()
        begun = begin(session, plan.id)
        assert begun is not None
        near = {shift.technician_id for shift in begun[1].problem.shifts}
        assert str(town.technicians[0].id) in near
        assert str(town.technicians[-1].id) not in near
        assert far.id not in begun[1].planned


class TestTriggers:
    def test_illness_and_lateness_ask_for_a_repair(self, session: Session) -> None:
        town = make_town(session, technicians=2)
        visit, _ = make_planned(session, town, town.first, NINE)
        late, _ = make_planned(session, town, town.technicians[1], NINE)
        until = MONDAY + 9 * HOUR
        report_absence(session, town.first.id, MONDAY, until, AbsenceKind.ILLNESS)
        [payload] = session.scalars(
            select(EventRow.payload).where(EventRow.name == TechnicianAbsent.name)
        )
        absent: Any = from_payload(TechnicianAbsent.name, payload)
        tasks.release_absent(session, absent)
        tasks.plan_at_risk(session, VisitAtRisk(visit_id=late.id, territory_id=town.territory.id))
        [plan] = session.scalars(select(Plan))
        assert plan.kind is PlanKind.REPAIR
        assert set(plan.visit_ids) == {visit.id, late.id}
