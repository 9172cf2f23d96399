"""The day of work: moves, what they keep in step, lateness, no access."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import (
    ALLOWED_BY_VISIT,
    ASSIGNMENT,
    OCCUPYING,
    STATE_BY_VISIT,
    AssignmentStatus,
)
from dispatch.scheduling.assignments.queries import assignments_of
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.queries import find_latest
from dispatch.scheduling.moves.no_access import record_no_access
from dispatch.scheduling.moves.service import move, settle_cancelled, watch
from dispatch.scheduling.slots.service import confirm_hold, hold_slot
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VISIT, VisitStatus
from dispatch.work_orders.queries import list_visits_of
from kernel import clock
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from tests.factories.scheduling import MONDAY, make_planned, make_town, make_waiting

V = VisitStatus
NINE = MONDAY + timedelta(hours=1)
HOUR = timedelta(hours=1)
CALLS: list[dict[str, Any]] = [{"at": "2026-03-02T08:00:00Z", "to": "+49", "outcome": "none"}]


class TestStates:
    def test_every_visit_state_says_what_assignments_it_may_have(self) -> None:
        assert set(ALLOWED_BY_VISIT) == set(VisitStatus) == set(STATE_BY_VISIT)

    @pytest.mark.parametrize(("frm", "to"), VISIT.pairs())
    def test_assignments_can_follow_every_move(self, frm: V, to: V) -> None:
        before, after = STATE_BY_VISIT[frm], STATE_BY_VISIT[to]
        if before is None or before is after:
            return
        ended = after or AssignmentStatus.REMOVED
        done_is_kept = before is AssignmentStatus.DONE and after is None
        assert done_is_kept or ASSIGNMENT.allows(before, ended)

    def test_what_ended_never_comes_back(self) -> None:
        for status in set(AssignmentStatus) - OCCUPYING:
            assert ASSIGNMENT.is_final(status)


class TestMove:
    def test_keeps_assignment_and_booking_in_step(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        booking = confirm_hold(session, visit.id)
        expected = {
            V.DISPATCHED: AssignmentStatus.CONFIRMED,
            V.EN_ROUTE: AssignmentStatus.ACTIVE,
            V.ON_SITE: AssignmentStatus.ACTIVE,
            V.IN_PROGRESS: AssignmentStatus.ACTIVE,
            V.PAUSED: AssignmentStatus.ACTIVE,
            V.COMPLETED: AssignmentStatus.DONE,
        }
        for to, state in expected.items():
            move(session, visit.id, to)
            assert [row.status for row in assignments_of(session, visit.id)] == [state]
        assert booking.status is BookingStatus.FULFILLED

    def test_does_nothing_when_it_is_there_already(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        move(session, visit.id, V.DISPATCHED)
        version = visit.version
        assert move(session, visit.id, V.DISPATCHED).version == version

    def test_gives_back_the_time_that_was_not_needed(self, session: Session) -> None:
        town = make_town(session)
        visit, row = make_planned(session, town, town.first, NINE)
        for to in (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS):
            move(session, visit.id, to)
        clock.freeze(session, NINE + HOUR / 2)
        move(session, visit.id, V.COMPLETED)
        assert row.busy.upper == NINE + HOUR / 2
        assert row.ends_at == NINE + HOUR

    def test_never_stretches_what_was_planned(self, session: Session) -> None:
        town = make_town(session)
        visit, row = make_planned(session, town, town.first, NINE)
        for to in (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS):
            move(session, visit.id, to)
        clock.freeze(session, NINE + 5 * HOUR)
        move(session, visit.id, V.COMPLETED)
        assert row.busy.upper == NINE + HOUR

    def test_does_not_know_the_visit_of_another_technician(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        move(session, visit.id, V.DISPATCHED)
        with pytest.raises(NotFound):
            move(session, visit.id, V.EN_ROUTE, technician_id=town.technicians[1].id)

    def test_leaves_planning_to_the_office(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        for to in (V.UNSCHEDULED, V.CANCELLED, V.DISPATCHED):
            with pytest.raises(Forbidden):
                move(session, visit.id, to, technician_id=town.first.id)

    def test_refuses_another_version(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        with pytest.raises(Stale):
            move(session, visit.id, V.DISPATCHED, expected_version=visit.version + 1)

    def test_diverts_somebody_on_the_way(self, session: Session) -> None:
        town = make_town(session)
        visit, row = make_planned(session, town, town.first, NINE)
        move(session, visit.id, V.DISPATCHED)
        move(session, visit.id, V.EN_ROUTE)
        move(session, visit.id, V.SCHEDULED, reason="an emergency next door")
        assert row.status is AssignmentStatus.CONFIRMED
        move(session, visit.id, V.UNSCHEDULED, reason="later")
        assert assignments_of(session, visit.id) == []

    def test_takes_back_a_mis_tap(self, session: Session) -> None:
        town = make_town(session)
        visit, row = make_planned(session, town, town.first, NINE)
        for to in (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.COMPLETED):
            move(session, visit.id, to, technician_id=None if to is V.DISPATCHED else town.first.id)
        move(session, visit.id, V.IN_PROGRESS, technician_id=town.first.id)
        assert row.status is AssignmentStatus.ACTIVE

    def test_cancelling_frees_the_time(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        move(session, visit.id, V.CANCELLED)
        _, row = make_planned(session, town, town.first, NINE)
        assert row.status is AssignmentStatus.CONFIRMED

    def test_waits_for_prerequisites(self, session: Session) -> None:
        town = make_town(session, prerequisites=[{"kind": "permit", "title": "Permit of the city"}])
        visit, _ = make_planned(session, town, town.first, NINE)
        with pytest.raises(Conflict) as refusal:
            move(session, visit.id, V.DISPATCHED)
        assert refusal.value.facts["prerequisites"] == ["Permit of the city"]

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(steps=st.lists(st.sampled_from(list(VisitStatus)), max_size=12))
    def test_any_sequence_keeps_the_table(self, session: Session, steps: list[V]) -> None:
        with session.begin_nested() as savepoint:
            town = make_town(session, technicians=1)
            visit, _ = make_planned(session, town, town.first, NINE)
            for to in steps:
                legal = VISIT.allows(visit.status, to) or visit.status is to
                try:
                    move(session, visit.id, to, reason="other")
                except DomainError:
                    assert not legal or to in {V.SCHEDULED, V.UNSCHEDULED, V.DISPATCHED}
                states = {row.status for row in assignments_of(session, visit.id)}
                assert states <= ALLOWED_BY_VISIT[visit.status]
                assert states or STATE_BY_VISIT[visit.status] is None
            savepoint.rollback()
        session.expire_all()


class TestSettleCancelled:
    def test_follows_an_order_that_was_cancelled(self, session: Session, run_jobs: Any) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        confirm_hold(session, visit.id)
        work_orders.cancel(session, visit.work_order_id, "sold the house")
        settle_cancelled(session, visit.id)
        assert assignments_of(session, visit.id) == []
        booking = find_latest(session, visit.id)
        assert booking is not None
        assert booking.status is BookingStatus.CANCELLED


class TestWatch:
    def test_marks_what_follows_an_overrun(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        first, _ = make_planned(session, town, town.first, NINE)
        second, row = make_planned(session, town, town.first, NINE + HOUR)
        third, _ = make_planned(session, town, town.first, NINE + 5 * HOUR)
        for to in (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS):
            move(session, first.id, to)
        clock.freeze(session, NINE + 2 * HOUR)
        busy = row.busy
        assert watch(session) == [second.id]
        assert (second.at_risk, third.at_risk, row.busy) == (True, False, busy)

    def test_takes_the_mark_away_when_time_was_made_up(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit, _ = make_planned(session, town, town.first, NINE)
        clock.freeze(session, NINE + HOUR)
        watch(session)
        assert visit.at_risk
        clock.freeze(session, NINE - HOUR)
        watch(session)
        assert not visit.at_risk

    def test_trusts_a_promised_window_rather_than_the_plan(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        confirm_hold(session, visit.id)
        clock.freeze(session, MONDAY + 1.5 * HOUR)
        assert watch(session) == []
        clock.freeze(session, MONDAY + 2.1 * HOUR)
        assert watch(session) == [visit.id]


class TestNoAccess:
    def at_the_door(self, session: Session, **customer: Any) -> Any:
        town = make_town(session, technicians=1, price_cents=10_000)
        visit, _ = make_planned(session, town, town.first, NINE)
        for to in (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE):
            move(session, visit.id, to)
        return visit

    def test_ends_the_visit_and_adds_one_to_book(self, session: Session) -> None:
        visit = self.at_the_door(session)
        record = record_no_access(
            session, visit.id, call_log=CALLS, waited_minutes=12, photo_id=visit.id
        )
        assert visit.status is V.INCOMPLETE
        assert (record.charge_rule, record.charge_cents) == ("charged", 5_000)
        follow_up = list_visits_of(session, visit.work_order_id)[-1]
        assert follow_up.status is V.UNSCHEDULED

    def test_charges_nothing_without_a_photo(self, session: Session) -> None:
        visit = self.at_the_door(session)
        record = record_no_access(session, visit.id, call_log=CALLS, waited_minutes=12)
        assert (record.charge_rule, record.charge_cents) == ("waived_no_evidence", 0)

    def test_asks_to_wait(self, session: Session) -> None:
        visit = self.at_the_door(session)
        with pytest.raises(Conflict) as refusal:
            record_no_access(session, visit.id, call_log=CALLS, waited_minutes=9)
        assert refusal.value.code == "wait_longer"

    def test_asks_to_call(self, session: Session) -> None:
        visit = self.at_the_door(session)
        with pytest.raises(Invalid):
            record_no_access(session, visit.id, call_log=[], waited_minutes=12)

    def test_is_the_same_when_said_again(self, session: Session) -> None:
        visit = self.at_the_door(session)
        first = record_no_access(session, visit.id, call_log=CALLS, waited_minutes=12)
        again = record_no_access(session, visit.id, call_log=CALLS, waited_minutes=12)
        assert first.id == again.id

    def test_refuses_when_nobody_is_there(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit, _ = make_planned(session, town, town.first, NINE)
        with pytest.raises(Conflict) as refusal:
            record_no_access(session, visit.id, call_log=CALLS, waited_minutes=12)
        assert refusal.value.code == "not_at_the_door"
