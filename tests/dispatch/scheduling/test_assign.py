"""Assigning and unassigning: what the schedule accepts, and what it keeps in step."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.queries import assignment_of, assignments_of
from dispatch.scheduling.policies.service import dispatch
from dispatch.scheduling.staffing.service import assign, recall, unassign
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.errors import Conflict, Invalid, Stale
from tests.factories.scheduling import MONDAY, make_planned, make_town, make_waiting, order_of

NINE = MONDAY + timedelta(hours=1)
HOUR = timedelta(hours=1)


class TestAssign:
    def test_occupies_the_work_and_the_trip_before_it(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town, east=0.05)
        [row] = assign(session, visit.id, [town.first.id], NINE, source="dispatcher")
        assert row.status is AssignmentStatus.CONFIRMED
        assert row.ends_at == NINE + HOUR
        assert row.travel_seconds > 0
        assert row.busy.lower == NINE - timedelta(seconds=row.travel_seconds)
        assert row.busy.upper == NINE + HOUR
        assert visit.status is VisitStatus.SCHEDULED

    def test_refuses_work_at_the_same_time(self, session: Session) -> None:
        town = make_town(session)
        make_planned(session, town, town.first, NINE)
        visit = make_waiting(session, town)
        with pytest.raises(Conflict) as refusal:
            assign(session, visit.id, [town.first.id], NINE + HOUR / 2, source="dispatcher")
        assert refusal.value.code == "technician_busy"

    def test_refuses_a_plan_that_leaves_no_time_for_the_trip(self, session: Session) -> None:
        town = make_town(session)
        make_planned(session, town, town.first, NINE)
        visit = make_waiting(session, town, east=0.1)
        with pytest.raises(Conflict) as refusal:
            assign(session, visit.id, [town.first.id], NINE + HOUR, source="plan")
        assert refusal.value.code == "technician_busy"

    def test_lets_a_dispatcher_cut_the_trip(self, session: Session) -> None:
        town = make_town(session)
        make_planned(session, town, town.first, NINE)
        visit = make_waiting(session, town, east=0.1)
        [row] = assign(session, visit.id, [town.first.id], NINE + HOUR, source="dispatcher")
        assert row.busy.lower == NINE + HOUR
        assert row.travel_seconds > 0

    def test_moves_in_place_of_the_technician_before(self, session: Session) -> None:
        town = make_town(session)
        visit, old = make_planned(session, town, town.technicians[0], NINE)
        assign(session, visit.id, [town.technicians[1].id], NINE, source="dispatcher")
        session.refresh(old)
        assert old.status is AssignmentStatus.REMOVED
        assert [row.technician_id for row in assignments_of(session, visit.id)] == [
            town.technicians[1].id
        ]

    def test_forces_an_overlap_with_reason_and_end(self, session: Session) -> None:
        town = make_town(session)
        make_planned(session, town, town.first, NINE)
        visit = make_waiting(session, town)
        [row] = assign(
            session,
            visit.id,
            [town.first.id],
            NINE + HOUR / 2,
            source="dispatcher",
            overlap_reason="Two boilers in one cellar",
            overlap_until=NINE + 4 * HOUR,
        )
        assert row.overlap_reason == "Two boilers in one cellar"

    def test_refuses_an_overlap_without_end(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        with pytest.raises(Invalid):
            assign(
                session, visit.id, [town.first.id], NINE, source="dispatcher", overlap_reason="So"
            )

    def test_refuses_half_a_crew(self, session: Session) -> None:
        town = make_town(session, crew_size=2)
        visit = make_waiting(session, town)
        with pytest.raises(Invalid):
            assign(session, visit.id, [town.first.id], NINE, source="dispatcher")

    def test_gives_each_of_a_crew_a_seat(self, session: Session) -> None:
        town = make_town(session, crew_size=2)
        visit = make_waiting(session, town)
        people = [technician.id for technician in town.technicians]
        rows = assign(session, visit.id, people, NINE, source="dispatcher")
        assert [(row.seat, row.technician_id) for row in rows] == [(1, people[0]), (2, people[1])]

    def test_gives_nobody_of_a_crew_when_one_is_busy(self, session: Session) -> None:
        town = make_town(session, crew_size=2)
        solo = make_waiting(session, town, crew_size=1)
        assign(session, solo.id, [town.technicians[1].id], NINE, source="dispatcher")
        visit = make_waiting(session, town)
        people = [technician.id for technician in town.technicians]
        with pytest.raises(Conflict):
            assign(session, visit.id, people, NINE, source="dispatcher")
        assert assignments_of(session, visit.id) == []

    def test_tells_an_offer_that_it_came_too_late(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.technicians[0], NINE)
        with pytest.raises(Conflict) as refusal:
            assign(session, visit.id, [town.technicians[1].id], NINE, source="offer")
        assert refusal.value.code == "visit_taken"

    def test_refuses_what_the_caller_saw_in_another_version(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        with pytest.raises(Stale):
            assign(
                session,
                visit.id,
                [town.first.id],
                NINE + HOUR,
                source="dispatcher",
                expected_version=visit.version - 1,
            )

    def test_refuses_an_order_on_hold(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        work_orders.hold(session, visit.work_order_id, "customer")
        with pytest.raises(Conflict) as refusal:
            assign(session, visit.id, [town.first.id], NINE, source="dispatcher")
        assert refusal.value.code == "work_order_on_hold"

    def test_changes_the_trip_of_the_next_stop(self, session: Session) -> None:
        town = make_town(session)
        _, after = make_planned(session, town, town.first, NINE + 4 * HOUR, east=0.1)
        long_way = after.travel_seconds
        make_planned(session, town, town.first, NINE, east=0.09)
        session.refresh(after)
        assert after.travel_seconds < long_way
        assert after.busy.lower == after.starts_at - timedelta(seconds=after.travel_seconds)

    def test_takes_back_what_was_sent_out(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        dispatch(session, visit.id)
        assign(session, visit.id, [town.technicians[1].id], NINE, source="dispatcher")
        assert visit.status is VisitStatus.SCHEDULED


class TestUnassign:
    def test_frees_the_time_and_lets_the_visit_wait(self, session: Session) -> None:
        town = make_town(session)
        visit, row = make_planned(session, town, town.first, NINE)
        unassign(session, visit.id, "wrong person")
        session.refresh(row)
        assert (row.status, row.ended_reason) == (AssignmentStatus.REMOVED, "wrong person")
        assert visit.status is VisitStatus.UNSCHEDULED
        make_planned(session, town, town.first, NINE)

    def test_says_how_it_ended(self, session: Session) -> None:
        town = make_town(session)
        visit, row = make_planned(session, town, town.first, NINE)
        unassign(session, visit.id, "car broke down", ended="backed_out")
        session.refresh(row)
        assert row.status is AssignmentStatus.BACKED_OUT

    def test_refuses_while_somebody_works(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        for step in ("dispatched", "en_route", "on_site"):
            work_orders.set_visit_status(session, visit, VisitStatus(step))
        with pytest.raises(Conflict) as refusal:
            unassign(session, visit.id, "wrong person")
        assert refusal.value.code == "illegal_move"

    def test_puts_the_order_back_to_open(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        assert order_of(session, visit).status == "scheduled"
        unassign(session, visit.id, "wrong person")
        assert order_of(session, visit).status == "open"


class TestRecall:
    def test_keeps_the_technician(self, session: Session) -> None:
        town = make_town(session)
        visit, row = make_planned(session, town, town.first, NINE)
        dispatch(session, visit.id)
        recall(session, visit.id)
        assert visit.status is VisitStatus.SCHEDULED
        found = assignment_of(session, visit.id)
        assert found is not None
        assert found.id == row.id
