"""Drafts: shown before they change anything, then applied like every plan, or dropped."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.events import PlanDrafted, VisitUnserved
from dispatch.scheduling.assignments.queries import assignment_of, assignments_of
from dispatch.scheduling.changes.difference import PromiseKind
from dispatch.scheduling.moves.service import move
from dispatch.scheduling.plans.lifecycle import PLAN, PlanKind, PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.service import approve, drop, request_plan
from dispatch.scheduling.plans.solving import run_approved, run_plan
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.policies.service import create_version
from dispatch.scheduling.slots.service import confirm_hold, hold_slot
from dispatch.scheduling.staffing.service import assign
from dispatch.work_orders.lifecycle import VisitStatus
from kernel import clock
from kernel.errors import Conflict, Invalid
from kernel.events import EventRow
from tests.client import ApiClient
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
from tests.principals import call_agent, dispatcher

V = VisitStatus
HOUR = timedelta(hours=1)
NINE = MONDAY + HOUR


def make_draft(session: Session, town: Town, solve: Any = quickly) -> Plan:
    plan = request_plan(session, territory_ids=[town.territory.id], kind=PlanKind.DRAFT)
    session.flush()
    run_plan(plan.id, solve)
    session.expire_all()
    return session.get_one(Plan, plan.id)


class TestPolicy:
    def asked(self, session: Session, town: Town, policy: str) -> Plan:
        return request_plan(
            session, territory_ids=[town.territory.id], kind=PlanKind.DRAFT, policy=policy
        )

    def test_of_a_draft_can_be_another_than_the_one_in_force(self, session: Session) -> None:
        town = make_town(session)
        make_waiting(session, town)
        other = create_version(session, "Short ways", Rules(weights={"travel": 300}))
        session.flush()
        plan = self.asked(session, town, "Short ways@1")
        session.flush()
        run_plan(plan.id, quickly)
        session.expire_all()
        assert plan.status is PlanStatus.DRAFTED
        assert plan.policy["weights"]["travel"] == 300
        assert [one["policy_id"] for one in plan.policy["versions"]] == [str(other.id)]

    def test_must_exist(self, session: Session) -> None:
        with pytest.raises(Invalid, match="no policy Dreams"):
            self.asked(session, make_town(session), "Dreams")

    def test_of_a_plan_is_the_one_in_force(self, session: Session) -> None:
        create_version(session, "Short ways", Rules())
        with pytest.raises(Invalid, match="Only a draft"):
            request_plan(session, policy="Short ways")


def apply(session: Session, plan: Plan) -> Plan:
    approve(session, plan.id)
    session.flush()
    run_approved(plan.id)
    session.expire_all()
    return session.get_one(Plan, plan.id)


def changes_of(plan: Plan) -> dict[str, dict[str, Any]]:
    assert plan.difference is not None
    return {change["visit_id"]: change for change in plan.difference["changes"]}


def events(session: Session, name: str) -> list[dict[str, Any]]:
    rows = select(EventRow.payload).where(EventRow.name == name).order_by(EventRow.id)
    return list(session.scalars(rows))


class TestLifecycle:
    @pytest.mark.parametrize("to", [PlanStatus.APPROVED, PlanStatus.DROPPED])
    def test_a_draft_is_applied_or_dropped(self, to: PlanStatus) -> None:
        assert PLAN.allows(PlanStatus.DRAFTED, to)

    def test_nothing_comes_after_dropped(self) -> None:
        assert PLAN.is_final(PlanStatus.DROPPED)


class TestDraft:
    def test_shows_what_would_change_and_changes_nothing(self, session: Session) -> None:
        town = make_town(session, technicians=0)
        west = add_technician(session, town, longitude=13.2)
        east = add_technician(session, town, longitude=13.6)
        waiting = make_waiting(session, town, east=0.2)
        astray, _ = make_planned(session, town, east, NINE, east=-0.2)
        plan = make_draft(session, town)
        assert plan.status is PlanStatus.DRAFTED
        found = changes_of(plan)
        assert found[str(waiting.id)]["what"] == "assigned"
        assert found[str(astray.id)]["what"] == "reassigned"
        assert found[str(astray.id)]["before"][0]["technician_id"] == str(east.id)
        assert found[str(astray.id)]["after"][0]["technician_id"] == str(west.id)
        assert plan.difference is not None
        before, after = plan.difference["score_before"], plan.difference["score_after"]
        assert (before["unserved"] > 0, after["unserved"]) == (True, 0)
        assert after["broken_promises"] > before["broken_promises"] == 0
        assert waiting.status is V.UNSCHEDULED
        assert [row.technician_id for row in assignments_of(session, astray.id)] == [east.id]
        assert events(session, VisitUnserved.name) == []
        [told] = events(session, PlanDrafted.name)
        assert (told["plan_id"], told["kind"]) == (str(plan.id), "draft")

    def test_is_nothing_when_nothing_would_change(self, session: Session) -> None:
        town = make_town(session)
        make_waiting(session, town, skills=[{"skill": "lift", "level": 1}])
        assert make_draft(session, town).status is PlanStatus.EMPTY

    def test_is_not_the_answer_to_plan_now(self, session: Session) -> None:
        town = make_town(session)
        ids = [town.territory.id]
        draft = request_plan(session, territory_ids=ids, kind=PlanKind.DRAFT)
        assert request_plan(session, territory_ids=ids).id != draft.id

    def test_tells_that_a_person_who_was_told_would_not_come(self, session: Session) -> None:
        town = make_town(session, technicians=0)
        use_rules(session, town.territory, lead_minutes=60, lock_technician=False)
        add_technician(session, town, longitude=13.0)
        east = add_technician(session, town, longitude=13.8)
        visit, _ = make_planned(session, town, east, NINE + HOUR, east=-0.4)
        move(session, visit.id, V.DISPATCHED)
        plan = make_draft(session, town)
        assert changes_of(plan)[str(visit.id)]["breaks"] == [PromiseKind.TECHNICIAN]
        assert plan.difference is not None
        assert plan.difference["promises_broken"] == 1


class TestApprove:
    def test_changes_what_was_shown(self, session: Session) -> None:
        town = make_town(session)
        visits = [make_waiting(session, town, east=0.01 * n) for n in range(4)]
        draft = make_draft(session, town)
        shown = changes_of(draft)
        plan = apply(session, draft)
        assert plan.status is PlanStatus.APPLIED
        assert plan.placed == 4
        for visit in visits:
            row = assignment_of(session, visit.id)
            assert row is not None
            after = shown[str(visit.id)]["after"][0]
            assert (str(row.technician_id), row.starts_at.isoformat()) == (
                after["technician_id"],
                after["starts_at"],
            )
            assert row.plan_id == plan.id

    def test_leaves_alone_what_a_person_moved_meanwhile(self, session: Session) -> None:
        town = make_town(session)
        visit, other = make_waiting(session, town), make_waiting(session, town, east=0.02)
        draft = make_draft(session, town)
        person = town.technicians[1].id
        assign(session, visit.id, [person], MONDAY + 7 * HOUR, source="dispatcher")
        plan = apply(session, draft)
        row = assignment_of(session, visit.id)
        assert row is not None
        assert (row.starts_at, row.source) == (MONDAY + 7 * HOUR, "dispatcher")
        assert other.status is V.SCHEDULED
        assert plan.status is PlanStatus.PARTLY_APPLIED
        left = [item for group in plan.groups for item in group["left"]]
        assert left == [{"visit_id": str(visit.id), "reason": "changed_meanwhile"}]

    def test_leaves_out_what_should_have_begun_long_ago(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        draft = make_draft(session, town)
        clock.freeze(session, MONDAY + 30 * HOUR)
        plan = apply(session, draft)
        [left] = [item for group in plan.groups for item in group["left"]]
        assert left == {"visit_id": str(visit.id), "reason": "time_passed"}
        assert visit.status is V.UNSCHEDULED

    def test_is_safe_to_repeat_after_an_interruption(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        draft = make_draft(session, town)
        approve(session, draft.id)
        run_approved(draft.id)
        first = assignment_of(session, visit.id)
        run_approved(draft.id)
        session.expire_all()
        second = assignment_of(session, visit.id)
        assert first is not None
        assert second is not None
        assert first.id == second.id

    def test_refuses_what_is_no_draft(self, session: Session) -> None:
        town = make_town(session)
        plan = request_plan(session, territory_ids=[town.territory.id])
        with pytest.raises(Conflict) as refusal:
            approve(session, plan.id)
        assert refusal.value.code == "illegal_move"

    def test_keeps_a_booked_window(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY + 2 * HOUR, MONDAY + 4 * HOUR)
        booking = confirm_hold(session, visit.id)
        for number in range(3):
            make_waiting(session, town, east=0.02 * number)
        plan = apply(session, make_draft(session, town))
        row = assignment_of(session, visit.id)
        assert plan.status is PlanStatus.APPLIED
        assert row is not None
        assert booking.arrival_start <= row.starts_at <= booking.arrival_end


class TestDrop:
    def test_leaves_the_schedule_and_cannot_be_applied(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        draft = make_draft(session, town)
        drop(session, draft.id)
        assert (draft.status, visit.status) == (PlanStatus.DROPPED, V.UNSCHEDULED)
        with pytest.raises(Conflict):
            approve(session, draft.id)


class TestApi:
    def test_drafts_shows_applies(
        self, session: Session, client: Callable[..., ApiClient], run_jobs: Any
    ) -> None:
        office = client(dispatcher())
        town = make_town(session)
        visit = make_waiting(session, town)
        ids = [str(town.territory.id)]
        asked = office.post("/api/plans", json={"territory_ids": ids, "draft": True})
        assert (asked.status_code, asked.json()["kind"]) == (202, "draft")
        plan_id = asked.json()["id"]
        run_plan(session.get_one(Plan, plan_id).id, quickly)
        shown = office.get(f"/api/plans/{plan_id}").json()
        assert shown["status"] == "drafted"
        [change] = shown["difference"]["changes"]
        assert (change["visit_id"], change["what"]) == (str(visit.id), "assigned")
        waiting = office.get(f"/api/plans?territory_id={ids[0]}&status=drafted").json()
        assert [item["id"] for item in waiting["items"]] == [plan_id]
        assert client(call_agent()).post(f"/api/plans/{plan_id}/apply").status_code == 403
        assert office.post(f"/api/plans/{plan_id}/apply").status_code == 202
        run_approved(session.get_one(Plan, plan_id).id)
        session.expire_all()
        assert visit.status is V.SCHEDULED
        again = office.post(f"/api/plans/{plan_id}/drop")
        assert (again.status_code, again.json()["code"]) == (409, "illegal_move")

    def test_a_decision_is_audited(
        self, session: Session, client: Callable[..., ApiClient]
    ) -> None:
        town = make_town(session)
        make_waiting(session, town)
        draft = make_draft(session, town)
        assert client(dispatcher()).post(f"/api/plans/{draft.id}/drop").status_code == 200
        rows = client(dispatcher()).get(f"/api/audit/{draft.id}").json()
        assert "dropped" in str(rows)
        assert "score_after" not in str(rows)
