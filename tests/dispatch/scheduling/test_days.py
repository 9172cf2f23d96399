"""Planning one technician's day and nobody else's."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.events import VisitUnserved
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.plans.lifecycle import PlanKind, PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.replay import replay
from dispatch.scheduling.plans.requests import request_day
from dispatch.scheduling.plans.solving import run_plan
from dispatch.scheduling.queries import assignment_of, assignments_of
from dispatch.scheduling.staffing.service import assign
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.errors import Invalid
from tests.client import ApiClient
from tests.dispatch.scheduling.test_drafts import events
from tests.factories.scheduling import (
    MONDAY,
    add_technician,
    make_planned,
    make_town,
    make_waiting,
    quickly,
)
from tests.principals import dispatcher

HOUR = timedelta(hours=1)
NINE = MONDAY + HOUR


def plan_day(session: Session, technician: Technician) -> Plan:
    plan = request_day(session, technician.id)
    session.flush()
    run_plan(plan.id, quickly)
    session.expire_all()
    return session.get_one(Plan, plan.id)


def place(row: Assignment) -> tuple[object, object, object]:
    return row.visit_id, row.technician_id, row.starts_at


class TestRequestDay:
    def test_fills_the_day_and_touches_nobody_else(self, session: Session) -> None:
        town = make_town(session, technicians=2)
        other = town.technicians[1]
        kept = [make_planned(session, town, other, NINE + n * 2 * HOUR)[1] for n in range(2)]
        before = [place(row) for row in kept]
        own, _ = make_planned(session, town, town.first, NINE + 4 * HOUR)
        waiting = [make_waiting(session, town, east=0.01 * n) for n in range(3)]
        plan = plan_day(session, town.first)
        assert (plan.kind, plan.status) == (PlanKind.TECHNICIAN, PlanStatus.APPLIED)
        for visit in (own, *waiting):
            found = assignment_of(session, visit.id)
            assert found is not None
            assert found.technician_id == town.first.id
            assert found.starts_at < MONDAY + 12 * HOUR
        assert [place(row) for row in kept] == before

    def test_leaves_times_that_need_not_change(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        rows = [make_planned(session, town, town.first, NINE + n * 2 * HOUR)[1] for n in range(3)]
        before = [place(row) for row in rows]
        plan_day(session, town.first)
        assert [place(row) for row in rows] == before

    def test_keeps_a_crew_together(self, session: Session) -> None:
        town = make_town(session, technicians=2)
        pair = make_waiting(session, town, crew_size=2)
        assign(
            session, pair.id, [who.id for who in town.technicians], NINE + 2 * HOUR, source="plan"
        )
        before = [place(row) for row in assignments_of(session, pair.id)]
        make_waiting(session, town)
        plan_day(session, town.first)
        assert [place(row) for row in assignments_of(session, pair.id)] == before

    def test_says_nothing_of_others_work(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        far = make_waiting(session, town, skills=[{"skill": "lift", "level": 1}])
        add_technician(session, town, skills={"lift": 3})
        plan = plan_day(session, town.first)
        assert far.status is VisitStatus.UNSCHEDULED
        assert plan.unassigned == []
        assert events(session, VisitUnserved.name) == []

    def test_refuses_a_day_that_is_over(self, session: Session) -> None:
        town = make_town(session)
        with pytest.raises(Invalid) as refusal:
            request_day(session, town.first.id, date(2026, 2, 1))
        assert refusal.value.code == "horizon_empty"

    def test_can_be_made_again(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        for n in range(3):
            make_waiting(session, town, east=0.01 * n)
        assert replay(plan_day(session, town.first)).is_equal


class TestApi:
    def test_shows_what_changes_by_term(
        self, session: Session, client: Callable[..., ApiClient]
    ) -> None:
        town = make_town(session, technicians=1)
        make_waiting(session, town)
        office = client(dispatcher())
        asked = office.post("/api/plans/day", json={"technician_id": str(town.first.id)})
        assert asked.status_code == 202
        assert asked.json()["technician_id"] == str(town.first.id)
        run_plan(asked.json()["id"], quickly)
        difference = office.get(f"/api/plans/{asked.json()['id']}").json()["difference"]
        unserved = difference["terms"][0]
        assert (unserved["term"], unserved["after_cents"]) == ("unserved", 0)
        assert unserved["change_cents"] == -unserved["before_cents"] < 0
        assert difference["saving_cents"] == -sum(t["change_cents"] for t in difference["terms"])
