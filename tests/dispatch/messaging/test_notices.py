"""What customers hear, and when they do not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.roles import CUSTOMER
from dispatch.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingRescheduled,
    NoAccessRecorded,
)
from dispatch.messaging.links import signed_link
from dispatch.messaging.models import Message
from dispatch.messaging.notices import service
from dispatch.messaging.notices.wording import window_words
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.credentials import read_access
from kernel.events import publish
from tests.factories.customers import make_customer, make_site
from tests.factories.work_orders import make_visit, make_work_type, walk

NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)
RunJobs = Callable[[], int]


@pytest.fixture(autouse=True)
def at_work(session: Session) -> None:
    clock.freeze(session, NINE - timedelta(days=1))


def make_booked_visit(session: Session, locale: str = "en") -> tuple[Visit, Booking]:
    customer = make_customer(session, locale=locale)
    site = make_site(session, customer, address="Linden 1")
    visit = make_visit(session, site=site, work_type=make_work_type(session, name="Repair"))
    booking = Booking(
        visit_id=visit.id,
        customer_id=customer.id,
        arrival_start=NINE,
        arrival_end=NINE + timedelta(hours=2),
    )
    session.add(booking)
    session.flush()
    return visit, booking


def heard(session: Session, visit: Visit) -> list[tuple[str, str]]:
    session.expire_all()
    messages = session.scalars(
        select(Message).where(Message.visit_id == visit.id).order_by(Message.id)
    )
    return [(message.template, message.text) for message in messages]


class TestTellOfBooking:
    @pytest.mark.parametrize(
        ("locale", "text"),
        [
            ("en", "Confirmed: Repair, Tue 24 Nov, 09:00–11:00, Linden 1."),
            ("de", "Bestätigt: Repair, Di 24.11., 09:00–11:00 Uhr, Linden 1."),
        ],
    )
    def test_tells_the_window_on_the_clocks_of_the_site(
        self, session: Session, run_jobs: RunJobs, locale: str, text: str
    ) -> None:
        visit, booking = make_booked_visit(session, locale)
        publish(session, BookingConfirmed(visit_id=visit.id, booking_id=booking.id))
        run_jobs()
        assert heard(session, visit) == [("booking_confirmed", text)]

    def test_tells_the_new_window(self, session: Session, run_jobs: RunJobs) -> None:
        visit, booking = make_booked_visit(session)
        publish(session, BookingRescheduled(visit_id=visit.id, booking_id=booking.id))
        run_jobs()
        assert heard(session, visit) == [
            ("booking_rescheduled", "New time for Repair: Tue 24 Nov, 09:00–11:00.")
        ]

    def test_is_silent_once_the_booking_has_ended(self, session: Session) -> None:
        visit, booking = make_booked_visit(session)
        booking.status = BookingStatus.CANCELLED
        session.flush()
        assert service.tell_of_booking(session, visit.id, "booking_confirmed") is None


class TestTellOfCancellation:
    def test_tells_when_it_is_still_so(self, session: Session, run_jobs: RunJobs) -> None:
        visit, booking = make_booked_visit(session)
        fact = BookingCancelled(visit_id=visit.id, booking_id=booking.id, cancelled_by="customer")
        publish(session, fact)
        run_jobs()
        assert heard(session, visit) == []
        booking.status = BookingStatus.CANCELLED
        session.flush()
        publish(session, fact)
        run_jobs()
        assert [template for template, _ in heard(session, visit)] == ["booking_cancelled"]


class TestTellOfMove:
    @pytest.mark.parametrize(
        ("status", "template"),
        [
            (VisitStatus.EN_ROUTE, "technician_en_route"),
            (VisitStatus.ON_SITE, "technician_arrived"),
            (VisitStatus.COMPLETED, "rate_visit"),
        ],
    )
    def test_tells_the_step_that_is_true_now(
        self, session: Session, run_jobs: RunJobs, status: VisitStatus, template: str
    ) -> None:
        visit, _ = make_booked_visit(session)
        walk(session, visit, status)
        run_jobs()
        # the steps on the way are over by the time the jobs run
        assert [told for told, _ in heard(session, visit)] == [template]

    @pytest.mark.parametrize(
        "status", [VisitStatus.SCHEDULED, VisitStatus.DISPATCHED, VisitStatus.IN_PROGRESS]
    )
    def test_is_silent_about_other_steps(
        self, session: Session, run_jobs: RunJobs, status: VisitStatus
    ) -> None:
        visit, _ = make_booked_visit(session)
        walk(session, visit, status)
        run_jobs()
        assert heard(session, visit) == []

    def test_invites_to_rate_once(self, session: Session) -> None:
        visit, _ = make_booked_visit(session)
        walk(session, visit, VisitStatus.COMPLETED)
        assert service.tell_of_move(session, visit.id, VisitStatus.COMPLETED) is not None
        assert service.tell_of_move(session, visit.id, VisitStatus.COMPLETED) is None


class TestTellOfNoAccess:
    def test_leads_to_the_follow_up(self, session: Session, run_jobs: RunJobs) -> None:
        visit, _ = make_booked_visit(session)
        follow_up = make_visit(session)
        publish(
            session,
            NoAccessRecorded(
                visit_id=visit.id,
                work_order_id=visit.work_order_id,
                follow_up_visit_id=follow_up.id,
            ),
        )
        run_jobs()
        assert [template for template, _ in heard(session, visit)] == ["no_access"]
        message = session.scalars(select(Message)).one()
        assert message.link is not None
        assert f"/customer/visits/{follow_up.id}#" in message.link


class TestSignedLink:
    def test_opens_one_record_of_one_customer(self, session: Session) -> None:
        visit, _ = make_booked_visit(session)
        link = signed_link("visits", visit.id, visit.customer_id)
        principal, signed_in = read_access(link.partition("#token=")[2])
        assert (principal.subject_id, principal.only_record) == (visit.customer_id, visit.id)
        assert principal.roles == {CUSTOMER}
        assert signed_in is None


class TestWindowWords:
    def test_says_what_clocks_show_on_the_day_they_change(self) -> None:
        start = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        words = window_words(start, start + timedelta(hours=2), "Europe/Berlin", "en")
        assert words == "Sun 25 Oct, 02:30–03:30"
