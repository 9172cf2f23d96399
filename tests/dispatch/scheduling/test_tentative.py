"""Dates without a sure technician: shown openly, confirmed in time, or replaced by others."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.messaging.models import Message
from dispatch.scheduling import service as scheduling
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.bookings.queries import find_confirmed
from dispatch.scheduling.slots.grid import Span
from dispatch.scheduling.staffing import service as staffing
from dispatch.scheduling.tentative import service
from dispatch.scheduling.tentative.dates import known_by, likely, open_days
from dispatch.scheduling.tentative.ports import crowd_chances
from dispatch.scheduling.tentative.queries import tentative_of
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.errors import Conflict
from marketplace.offers import service as offers
from marketplace.offers.models import Offer
from tests import principals
from tests.client import ApiClient, app
from tests.factories.marketplace import make_freelancer
from tests.factories.scheduling import MONDAY, make_town, make_waiting, use_rules
from tests.factories.technicians import make_shift

RunJobs = Callable[[], int]
Client = Callable[..., ApiClient]
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
WITHIN, NOTICE = 4 * HOUR, 2 * HOUR


class TestKnownBy:
    def test_is_some_hours_from_now(self) -> None:
        at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        told = known_by(at + 30 * HOUR, at, BERLIN, within=WITHIN, notice=NOTICE)
        assert told == at + 4 * HOUR

    def test_but_early_enough_before_the_window(self) -> None:
        at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        told = known_by(at + 5 * HOUR, at, BERLIN, within=WITHIN, notice=NOTICE)
        assert told == at + 3 * HOUR
        assert known_by(at + 2 * HOUR, at, BERLIN, within=WITHIN, notice=NOTICE) is None

    def test_nobody_is_told_in_the_night(self) -> None:
        evening = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
        told = known_by(evening + 18 * HOUR, evening, BERLIN, within=WITHIN, notice=NOTICE)
        assert told == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
        told = known_by(evening + 14 * HOUR, evening, BERLIN, within=WITHIN, notice=4 * HOUR)
        assert told == evening + 4 * HOUR, "nine o'clock would be too late"

    def test_days_with_a_firm_window_have_no_open_one(self) -> None:
        at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        spans = [Span(at + n * 24 * HOUR, at + (n * 24 + 2) * HOUR) for n in range(3)]
        assert open_days(spans, [at + 26 * HOUR], BERLIN) == [spans[0], spans[2]]

    def test_only_likely_ones_are_shown(self) -> None:
        at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        spans = [Span(at, at + HOUR), Span(at + HOUR, at + 2 * HOUR)]
        assert [one.chance_pct for one in likely(spans, [at, at], [69, 70], 70)] == [70]


@pytest.fixture
def visit(session: Session) -> Iterator[Visit]:
    """None of our own people can do it; somebody of the crowd is likely to."""
    town = make_town(session, technicians=0)
    visit = make_waiting(session, town)

    def likely_ones(
        session: Session,
        visit: Visit,
        windows: Sequence[tuple[datetime, datetime]],
        known_by: Sequence[datetime],
    ) -> Sequence[int]:
        return [80] * len(windows)

    app()  # wires every port when it is made first
    with crowd_chances.wired(likely_ones):
        yield visit


def first(session: Session, visit: Visit) -> tuple[datetime, datetime]:
    window = tentative_of(session, visit.id, None, 3)[0]
    return window.start, window.end


def booking_of(session: Session, visit: Visit) -> Booking:
    statement = select(Booking).where(Booking.visit_id == visit.id).order_by(Booking.id.desc())
    found = session.scalars(statement.execution_options(populate_existing=True)).first()
    assert found is not None
    return found


def told(session: Session, visit: Visit) -> list[str]:
    statement = select(Message.template).where(Message.visit_id == visit.id).order_by(Message.id)
    return list(session.scalars(statement))


class TestAskForDate:
    def test_promises_to_know_by_a_time_and_asks_the_crowd(
        self, session: Session, visit: Visit, run_jobs: RunJobs
    ) -> None:
        person = make_freelancer(session)
        start, end = first(session, visit)
        booking = service.ask_for_date(session, visit.id, start, end)
        assert booking.confirm_by is not None
        assert booking.confirm_by <= start - NOTICE
        assert service.ask_for_date(session, visit.id, start, end).id == booking.id
        run_jobs()
        [offer] = session.scalars(select(Offer).where(Offer.visit_id == visit.id)).all()
        assert offer.technician_id == person.id
        assert start <= offer.starts_at <= end
        assert told(session, visit) == ["date_to_confirm"]

    def test_is_firm_once_somebody_has_said_yes(
        self, session: Session, visit: Visit, run_jobs: RunJobs
    ) -> None:
        make_freelancer(session)
        service.ask_for_date(session, visit.id, *first(session, visit))
        run_jobs()
        [offer] = session.scalars(select(Offer).where(Offer.visit_id == visit.id)).all()
        offers.accept(session, offer.id, offer.technician_id)
        run_jobs()
        booking = booking_of(session, visit)
        assert (booking.status, booking.confirm_by) == (BookingStatus.CONFIRMED, None)
        assert told(session, visit) == ["date_to_confirm", "booking_confirmed"]
        clock.freeze(session, booking.arrival_start)
        assert service.settle_all(session) == 0

    def test_gives_other_dates_when_nobody_was_found(
        self, session: Session, visit: Visit, run_jobs: RunJobs
    ) -> None:
        start, end = first(session, visit)
        booking = service.ask_for_date(session, visit.id, start, end)
        run_jobs()
        assert booking.confirm_by is not None
        assert service.settle_all(session) == 0
        clock.freeze(session, booking.confirm_by)
        assert service.settle_all(session) == 1
        run_jobs()
        session.refresh(visit)
        assert booking_of(session, visit).cancelled_by == "not_confirmed"
        assert (visit.status, visit.at_risk) == (VisitStatus.UNSCHEDULED, True)
        assert told(session, visit) == ["date_to_confirm", "date_not_confirmed"]
        assert find_confirmed(session, visit.id) is None
        again = service.ask_for_date(session, visit.id, *first(session, visit))
        assert again.id != booking.id

    def test_a_plan_that_sends_our_own_confirms_too(
        self, session: Session, visit: Visit, run_jobs: RunJobs
    ) -> None:
        start, end = first(session, visit)
        service.ask_for_date(session, visit.id, start, end)
        person = make_freelancer(session)
        staffing.assign(session, visit.id, [person.id], start, source="plan")
        assert service.settle_all(session) == 1
        assert booking_of(session, visit).confirm_by is None

    def test_nothing_hidden_can_be_asked_for(self, session: Session, visit: Visit) -> None:
        start, end = first(session, visit)
        with pytest.raises(Conflict) as refusal:
            service.ask_for_date(session, visit.id, start + HOUR, end + HOUR)
        assert refusal.value.code == "window_taken"
        use_rules(session, None, confirm_minutes=None)
        assert tentative_of(session, visit.id, None, 3) == []
        with pytest.raises(Conflict):
            service.ask_for_date(session, visit.id, start, end)

    def test_where_our_own_can_come_the_date_is_sure(self, session: Session, visit: Visit) -> None:
        town = make_town(session)
        own = make_waiting(session, town)
        firm = scheduling.windows(session, own.id, None, 1)
        assert firm
        assert tentative_of(session, own.id, None, 1) == []
        held = scheduling.hold_slot(session, own.id, firm[0].start, firm[0].end)
        assert scheduling.confirm_hold(session, own.id).confirm_by is None
        assert held

    def test_no_booking_without_confirm_by_lacks_a_technician(
        self, session: Session, visit: Visit, run_jobs: RunJobs
    ) -> None:
        service.ask_for_date(session, visit.id, *first(session, visit))
        run_jobs()
        firm = select(Booking).join(Visit, Visit.id == Booking.visit_id)
        firm = firm.where(
            Booking.status == BookingStatus.CONFIRMED,
            Booking.confirm_by.is_(None),
            Visit.status == VisitStatus.UNSCHEDULED,
        )
        assert session.scalars(firm).all() == []


class TestChances:
    def test_come_from_the_crowd_itself(self, session: Session) -> None:
        town = make_town(session, technicians=0)
        visit = make_waiting(session, town)
        nobody = tentative_of(session, visit.id, None, 2)
        people = [make_freelancer(session) for _ in range(4)]
        for person in people:
            make_shift(session, person, MONDAY + timedelta(days=1), hours=8)
        found = tentative_of(session, visit.id, None, 2)
        assert nobody == []
        assert {one.start.astimezone(BERLIN).day for one in found} == {3}
        assert all(70 <= one.chance_pct < 100 for one in found)


class TestOverHttp:
    def test_the_customer_sees_that_it_is_not_sure(
        self, session: Session, visit: Visit, client: Client, run_jobs: RunJobs
    ) -> None:
        page = client(principals.principal("customer", subject_id=visit.customer_id))
        url = f"/api/customer/visits/{visit.id}"
        shown = page.get(f"{url}/windows").json()
        assert shown
        assert all(window["confirm_by"] for window in shown)
        wanted = {"window_start": shown[0]["start"], "window_end": shown[0]["end"]}
        assert page.post(f"{url}/hold", json=wanted).status_code == 409
        booked = page.post(f"{url}/ask-for-date", json=wanted)
        assert (booked.status_code, booked.json()["confirm_by"]) == (200, shown[0]["confirm_by"])
        followed = page.get(url).json()
        assert followed["confirm_by"] == shown[0]["confirm_by"]
        assert followed["moves"]["can_cancel"] is True
        clock.freeze(session, datetime.fromisoformat(shown[0]["confirm_by"]))
        service.settle_all(session)
        followed = page.get(url).json()
        assert (followed["confirm_by"], followed["was_not_confirmed"]) == (None, True)
        assert followed["moves"]["can_book"] is True

    def test_the_office_sees_how_likely_it_is(
        self, session: Session, visit: Visit, client: Client
    ) -> None:
        office = client(principals.call_agent())
        url = f"/api/visits/{visit.id}"
        shown = office.get(f"{url}/tentative-windows").json()
        assert {window["chance_pct"] for window in shown} == {80}
        wanted = {"window_start": shown[0]["start"], "window_end": shown[0]["end"]}
        assert office.post(f"{url}/ask-for-date", json=wanted).json()["confirm_by"]
        assert office.post(f"{url}/ask-for-date", json=wanted).status_code == 200
