"""Windows, holds and bookings."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.queries import assignments_of
from dispatch.scheduling.assignments.service import sweep_expired
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.checks.service import violations
from dispatch.scheduling.moves.service import move
from dispatch.scheduling.slots.grid import Grade, Merit, spans
from dispatch.scheduling.slots.queries import can_be_served, windows
from dispatch.scheduling.slots.service import (
    cancel_booking,
    confirm_hold,
    hold_slot,
    reschedule,
)
from dispatch.scheduling.staffing.service import assign
from dispatch.technicians.lifecycle import Employment
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from kernel import audit, clock
from kernel.errors import Conflict, NotFound
from tests.factories.customers import make_customer
from tests.factories.scheduling import (
    MONDAY,
    add_technician,
    make_planned,
    make_town,
    make_waiting,
    order_of,
)
from tests.factories.technicians import make_absence, make_shift

BERLIN = "Europe/Berlin"
DAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


class TestSpans:
    def test_has_no_window_that_begins_too_soon(self) -> None:
        found = spans(DAY, 1, "Europe/Berlin", MONDAY)
        assert found[0].start == MONDAY
        assert found[0].end == MONDAY + 2 * HOUR
        assert spans(DAY, 1, "Europe/Berlin", MONDAY + HOUR)[0].start == MONDAY + 2 * HOUR

    def test_follows_the_local_clock_over_a_change_of_time(self) -> None:
        found = spans(date(2026, 3, 28), 2, "Europe/Berlin", MONDAY)
        starts = [span.start.hour for span in found if span.start.day in (28, 29)]
        assert starts[:1] == [5]
        assert starts[8:9] == [4]

    def test_works_across_midnight_in_utc(self) -> None:
        found = spans(DAY, 1, "America/Los_Angeles", MONDAY)
        assert found[-1].end == datetime(2026, 3, 3, 6, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("first", "hours"), [(date(2026, 3, 28), (5, 4, 4)), (date(2026, 10, 24), (4, 5, 5))]
    )
    def test_are_the_same_hours_of_each_local_day(
        self, first: date, hours: tuple[int, ...]
    ) -> None:
        now = datetime(2026, 3, 1, tzinfo=UTC)
        found = spans(first, 3, "Europe/Berlin", now)
        assert len(found) == 3 * 8
        assert tuple(span.start.hour for span in found[::8]) == hours
        assert {span.end - span.start for span in found} == {2 * HOUR}


class TestWindows:
    def test_shows_only_what_shifts_allow(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        found = windows(session, visit.id, DAY, 1)
        assert [window.start.hour for window in found] == [7, 9, 11, 13, 15]
        assert {window.technician_id for window in found} == {town.first.id}

    def test_shows_nothing_where_everybody_is_busy(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        for hour in range(9):
            make_planned(session, town, town.first, MONDAY + hour * HOUR, source="dispatcher")
        visit = make_waiting(session, town)
        assert windows(session, visit.id, DAY, 1) == []

    def test_shows_nothing_to_the_unskilled(self, session: Session) -> None:
        town = make_town(session, technicians=0)
        add_technician(session, town, skills={"boiler": 1})
        visit = make_waiting(session, town)
        assert windows(session, visit.id, DAY, 3) == []

    @pytest.mark.parametrize("day", [date(2026, 3, 27), date(2026, 10, 23)])
    def test_follow_shifts_over_a_change_of_time(self, session: Session, day: date) -> None:
        town = make_town(session, technicians=1)
        for number in range(5):
            local = datetime.combine(day + timedelta(days=number), time(8), ZoneInfo(BERLIN))
            make_shift(session, town.first, local.astimezone(UTC))
        clock.freeze(session, datetime.combine(day, time(1), UTC))
        found = windows(session, make_waiting(session, town).id, day, 5)
        told = [window.start.astimezone(ZoneInfo(BERLIN)) for window in found]
        assert {at.hour for at in told} <= {8, 10, 12, 14}
        assert {at.date() for at in told} == {day + timedelta(days=n) for n in range(5)}

    def test_shows_no_freelancer_who_has_not_said_yes(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        town.first.employment = Employment.FREELANCE
        session.flush()
        assert windows(session, make_waiting(session, town).id, DAY, 1) == []

    def test_leaves_out_absences(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        make_absence(session, town.first, MONDAY, MONDAY + 6 * HOUR)
        visit = make_waiting(session, town)
        assert [window.start.hour for window in windows(session, visit.id, DAY, 1)] == [13, 15]

    def test_prefers_the_technician_on_the_way(self, session: Session) -> None:
        town = make_town(session, technicians=2)
        make_planned(session, town, town.technicians[1], MONDAY + HOUR, east=0.2)
        visit = make_waiting(session, town, east=0.21)
        second = windows(session, visit.id, DAY, 1)[1]
        assert second.technician_id == town.technicians[1].id
        assert Merit.FITS_ROUTE in second.reasons

    def test_grades_the_cheapest_best(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town, east=0.1)
        found = windows(session, visit.id, DAY, 2)
        cheapest = min(found, key=lambda window: window.cost_cents)
        assert cheapest.grade is Grade.BEST

    def test_keeps_the_emergency_reserve(self, session: Session) -> None:
        town = make_town(session, technicians=1, territory={"emergency_reserve_pct": 60})
        for hour in (1, 3, 5):
            make_planned(session, town, town.first, MONDAY + hour * HOUR)
        normal = make_waiting(session, town)
        urgent = make_waiting(session, town, priority=5)
        assert windows(session, normal.id, DAY, 1) == []
        assert windows(session, urgent.id, DAY, 1) != []

    def test_finds_a_crew_together(self, session: Session) -> None:
        town = make_town(session, technicians=2, crew_size=2)
        solo = make_waiting(session, town, crew_size=1)
        assign(session, solo.id, [town.first.id], MONDAY + HOUR / 2, source="dispatcher")
        visit = make_waiting(session, town)
        found = windows(session, visit.id, DAY, 1)
        assert found
        assert all(len(window.candidates[0].technician_ids) == 2 for window in found)

    def test_says_whether_anybody_can_come_in_time(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        assert can_be_served(session, visit.id, MONDAY + 4 * HOUR)
        make_absence(session, town.first, MONDAY, MONDAY + 9 * HOUR)
        assert not can_be_served(session, visit.id, MONDAY + 4 * HOUR)

    def test_none_are_shown_that_could_not_be_held(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        cancelled, on_hold = make_waiting(session, town), make_waiting(session, town)
        assert windows(session, cancelled.id, None, 1)
        cancelled.status = VisitStatus.CANCELLED
        work_orders.hold(session, on_hold.work_order_id, "unpaid")
        session.flush()
        assert windows(session, cancelled.id, None, 1) == []
        assert windows(session, on_hold.id, None, 1) == []


class TestHoldSlot:
    def test_takes_the_time_until_it_expires(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        [row] = hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        assert row.status is AssignmentStatus.HELD
        assert row.expires_at == MONDAY + timedelta(minutes=10)
        assert visit.status is VisitStatus.UNSCHEDULED

    def test_leaves_people_real_time_where_the_clock_runs_fast(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        clock.set_clock(session, MONDAY - HOUR, rate=60)
        [row] = hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        assert row.expires_at is not None
        assert HOUR < row.expires_at - clock.now(session) <= 1.5 * HOUR

    def test_breaks_no_rule(self, session: Session) -> None:
        town = make_town(session, technicians=2)
        make_planned(session, town, town.first, MONDAY + 2 * HOUR, east=0.05)
        visit = make_waiting(session, town, east=0.06)
        [row] = hold_slot(session, visit.id, MONDAY + 2 * HOUR, MONDAY + 4 * HOUR)
        assert violations(session, visit.id, row.technician_id, row.starts_at) == []

    def test_refuses_a_window_that_is_not_shown(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        for start in (MONDAY + HOUR, MONDAY - 2 * HOUR, MONDAY + 14 * HOUR):
            with pytest.raises(Conflict) as refusal:
                hold_slot(session, visit.id, start, start + 2 * HOUR)
            assert refusal.value.code == "window_taken"

    def test_refuses_when_the_last_place_is_held_by_another(self, session: Session) -> None:
        town = make_town(session, technicians=1, hours=2.6)
        first, second, third = (make_waiting(session, town) for _ in range(3))
        hold_slot(session, first.id, MONDAY, MONDAY + 2 * HOUR)
        hold_slot(session, second.id, MONDAY, MONDAY + 2 * HOUR)
        with pytest.raises(Conflict):
            hold_slot(session, third.id, MONDAY, MONDAY + 2 * HOUR)

    def test_gives_up_the_earlier_hold(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        [old] = hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        [new] = hold_slot(session, visit.id, MONDAY + 4 * HOUR, MONDAY + 6 * HOUR)
        session.refresh(old)
        assert old.status is AssignmentStatus.REMOVED
        assert [row.id for row in assignments_of(session, visit.id)] == [new.id]

    def test_replaces_what_the_planner_had_chosen(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit, _ = make_planned(session, town, town.first, MONDAY + HOUR)
        hold_slot(session, visit.id, MONDAY + 4 * HOUR, MONDAY + 6 * HOUR)
        assert visit.status is VisitStatus.UNSCHEDULED

    def test_an_expired_hold_gives_way(self, session: Session) -> None:
        town = make_town(session, technicians=1, hours=2.6)
        for _ in range(2):
            hold_slot(session, make_waiting(session, town).id, MONDAY, MONDAY + 2 * HOUR, 1)
        clock.freeze(session, MONDAY + timedelta(minutes=1))
        third = make_waiting(session, town)
        [row] = hold_slot(session, third.id, MONDAY, MONDAY + 2 * HOUR)
        assert row.status is AssignmentStatus.HELD


class TestConfirmHold:
    def test_promises_the_window(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        booking = confirm_hold(session, visit.id, visit.customer_id)
        assert (booking.arrival_start, booking.arrival_end) == (MONDAY, MONDAY + 2 * HOUR)
        [row] = assignments_of(session, visit.id)
        assert (row.status, row.expires_at) == (AssignmentStatus.CONFIRMED, None)
        assert visit.status is VisitStatus.SCHEDULED

    def test_changes_nothing_the_second_time(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        booking = confirm_hold(session, visit.id)
        assert confirm_hold(session, visit.id).id == booking.id

    def test_refuses_a_moment_too_late(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        [row] = hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        assert row.expires_at is not None
        clock.freeze(session, row.expires_at)
        with pytest.raises(Conflict) as refusal:
            confirm_hold(session, visit.id)
        assert refusal.value.code == "hold_expired"

    def test_refuses_what_was_swept(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        clock.freeze(session, MONDAY + HOUR / 2)
        assert sweep_expired(session) == 1
        with pytest.raises(Conflict):
            confirm_hold(session, visit.id)

    def test_refuses_while_the_order_is_on_hold(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        work_orders.hold(session, visit.work_order_id, "unpaid")
        with pytest.raises(Conflict) as refusal:
            confirm_hold(session, visit.id)
        assert refusal.value.code == "work_order_on_hold"

    def test_does_not_know_another_customers_visit(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        with pytest.raises(NotFound):
            confirm_hold(session, visit.id, make_customer(session).id)

    def test_confirms_a_whole_crew(self, session: Session) -> None:
        town = make_town(session, technicians=2, crew_size=2)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        confirm_hold(session, visit.id)
        rows = assignments_of(session, visit.id)
        assert [row.status for row in rows] == [AssignmentStatus.CONFIRMED] * 2


class TestReschedule:
    def test_keeps_the_booking_and_its_history(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        booking = confirm_hold(session, visit.id)
        moved = reschedule(session, visit.id, MONDAY + 4 * HOUR, MONDAY + 6 * HOUR)
        assert moved.id == booking.id
        assert (moved.arrival_start, moved.times_moved) == (MONDAY + 4 * HOUR, 1)
        [row] = assignments_of(session, visit.id)
        assert MONDAY + 4 * HOUR <= row.starts_at < MONDAY + 6 * HOUR
        changes = [entry.changes for entry in audit.history(session, booking.id)]
        assert "arrival_start" in changes[-1]

    def test_keeps_the_old_place_when_there_is_no_new_one(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        [old] = hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        confirm_hold(session, visit.id)
        with pytest.raises(Conflict):
            reschedule(session, visit.id, MONDAY + 12 * HOUR, MONDAY + 14 * HOUR)
        assert [row.id for row in assignments_of(session, visit.id)] == [old.id]

    def test_refuses_what_is_not_booked(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        with pytest.raises(Conflict) as refusal:
            reschedule(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        assert refusal.value.code == "not_booked"


class TestCancelBooking:
    def test_frees_the_time_and_ends_the_order(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        confirm_hold(session, visit.id)
        booking = cancel_booking(session, visit.id, "customer")
        assert (booking.status, booking.cancelled_by) == (BookingStatus.CANCELLED, "customer")
        assert assignments_of(session, visit.id) == []
        assert order_of(session, visit).status == "cancelled"

    def test_refuses_once_somebody_is_on_the_way(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        hold_slot(session, visit.id, MONDAY, MONDAY + 2 * HOUR)
        confirm_hold(session, visit.id)
        move(session, visit.id, VisitStatus.DISPATCHED)
        move(session, visit.id, VisitStatus.EN_ROUTE)
        with pytest.raises(Conflict) as refusal:
            cancel_booking(session, visit.id, "customer")
        assert refusal.value.code == "visit_underway"
