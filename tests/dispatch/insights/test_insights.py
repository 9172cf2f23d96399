"""The figures of a day, a customer's timeline, and the history of records."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.insights import queries
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.work_orders import service
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import list_visits_of
from kernel import clock
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.customers import make_customer, make_site
from tests.factories.sla import make_policy
from tests.factories.work_orders import make_visit, make_work_order, make_work_type, walk
from tests.principals import dispatcher, principal

MakeClient = Callable[..., ApiClient]
V = VisitStatus
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


def figures(session: Session, day: date = MONDAY) -> queries.DayFigures:
    return queries.day_figures(session, day)


def make_booking(session: Session, visit: Visit, end: datetime, **over: object) -> Booking:
    booking = Booking(
        **{
            "visit_id": visit.id,
            "customer_id": visit.customer_id,
            "arrival_start": end - 2 * HOUR,
            "arrival_end": end,
            **over,
        }
    )
    session.add(booking)
    session.flush()
    return booking


@pytest.fixture(autouse=True)
def _monday_noon(session: Session) -> None:
    clock.freeze(session, NOON)


class TestDayFigures:
    def test_of_an_empty_day_say_that_there_was_nothing(self, session: Session) -> None:
        found = figures(session)
        assert found.work_orders_by_source == {}
        assert found.sla_met_pct is None
        assert found.on_time_pct is None
        assert found.travel_minutes_per_visit is None
        assert found.first_time_fix_pct is None
        assert found.open_at_risk == 0

    def test_count_orders_by_source_and_status(self, session: Session) -> None:
        make_work_order(session, source="booking")
        make_work_order(session, source="iot")
        service.cancel(session, make_work_order(session, source="iot").id, "x")
        found = figures(session)
        assert found.work_orders_by_source == {"booking": 1, "iot": 2}
        assert found.work_orders_by_status == {"open": 2, "cancelled": 1}

    def test_begin_the_day_at_local_midnight(self, session: Session) -> None:
        make_work_order(session, reported_at=datetime(2026, 3, 1, 22, 59, tzinfo=UTC))
        make_work_order(session, reported_at=datetime(2026, 3, 1, 23, 0, tzinfo=UTC))
        assert figures(session, date(2026, 3, 1)).work_orders_by_source == {"dispatcher": 1}
        assert figures(session).work_orders_by_source == {"dispatcher": 1}

    def test_can_be_of_one_territory(self, session: Session) -> None:
        here = make_work_order(session)
        make_work_order(session)
        found = queries.day_figures(session, MONDAY, here.territory_id)
        assert found.work_orders_by_source == {"dispatcher": 1}

    def test_count_visits_by_status(self, session: Session) -> None:
        make_visit(session, status=V.COMPLETED)
        make_visit(session)
        assert figures(session).visits_by_status == {"completed": 1, "unscheduled": 1}

    def test_share_the_clocks_that_were_met(self, session: Session) -> None:
        policy = make_policy(session, resolve_minutes=None)
        visit = make_visit(session, work_type=make_work_type(session, sla_policy_id=policy.id))
        walk(session, visit, V.EN_ROUTE)
        clock.freeze(session, NOON + 5 * HOUR)
        walk(session, visit, V.ON_SITE)
        assert figures(session).sla_met_pct == 50.0

    def test_share_arrivals_within_the_promise(self, session: Session) -> None:
        for end, status in (
            (NOON, BookingStatus.FULFILLED),
            (NOON + HOUR, BookingStatus.CONFIRMED),
            (NOON - HOUR, BookingStatus.CUSTOMER_ABSENT),
            (NOON - HOUR, BookingStatus.CANCELLED),
        ):
            make_booking(session, make_visit(session, status=V.ON_SITE), end, status=status)
        assert figures(session).on_time_pct == 66.7

    def test_average_the_trips(self, session: Session) -> None:
        for minutes in (10, 25):
            clock.freeze(session, NOON)
            visit = make_visit(session, status=V.EN_ROUTE)
            clock.freeze(session, NOON + timedelta(minutes=minutes))
            walk(session, visit, V.ON_SITE)
        assert figures(session).travel_minutes_per_visit == 17.5

    def test_share_what_was_fixed_the_first_time(self, session: Session) -> None:
        make_visit(session, status=V.COMPLETED)
        second = make_visit(session, status=V.INCOMPLETE)
        follow_up = list_visits_of(session, second.work_order_id)[1]
        walk(session, follow_up, V.COMPLETED)
        service.complete_remotely(session, make_work_order(session).id, "by phone")
        assert figures(session).first_time_fix_pct == 50.0

    def test_see_a_repeat_of_the_fault_within_a_month(self, session: Session) -> None:
        site = make_site(session)
        asset = make_asset(session, site)
        fault = {"asset_id": asset.id, "fault_class": "pump"}
        make_visit(session, site=site, status=V.COMPLETED, order_values=fault)
        assert figures(session).first_time_fix_pct == 100.0
        clock.freeze(session, NOON + timedelta(days=29))
        make_work_order(session, site, **fault)
        assert figures(session).first_time_fix_pct == 0.0

    def test_count_open_visits_at_risk(self, session: Session) -> None:
        visit = make_visit(session, status=V.SCHEDULED)
        service.mark_at_risk(session, visit)
        assert figures(session).open_at_risk == 1


class TestEndpoint:
    def test_tells_the_office(self, session: Session, client: MakeClient) -> None:
        make_work_order(session)
        reply = client(dispatcher()).get("/api/insights/day?day=2026-03-02")
        assert reply.status_code == 200, reply.text
        assert reply.json()["work_orders_by_source"] == {"dispatcher": 1}
        assert client(dispatcher()).get("/api/insights/day").json()["day"] == "2026-03-02"
        assert client(principal("customer")).get("/api/insights/day").status_code == 403


class TestTimeline:
    def test_has_orders_and_visits_newest_first(self, session: Session, client: MakeClient) -> None:
        customer = make_customer(session)
        order = make_work_order(session, customer=customer)
        clock.freeze(session, NOON + HOUR)
        make_visit(session, order, status=V.COMPLETED)
        reply = client(dispatcher()).get(f"/api/customers/{customer.id}/timeline")
        assert reply.status_code == 200, reply.text
        kinds = [entry["kind"] for entry in reply.json()]
        assert kinds[0] == "visit"
        assert "work_order" in kinds


class TestAudit:
    def test_shows_who_changed_what_and_why(self, session: Session, client: MakeClient) -> None:
        order = make_work_order(session)
        planner = dispatcher()
        client(planner).post(f"/api/work-orders/{order.id}/hold", json={"reason": "credit"})
        last = client(planner).get(f"/api/audit/{order.id}").json()[-1]
        assert last["actor"] == planner.actor
        assert last["why"] == "credit"
        assert last["changes"]["status"] == ["open", "on_hold"]

    def test_of_an_order_has_its_visits_too(self, session: Session, client: MakeClient) -> None:
        visit = make_visit(session, status=V.SCHEDULED)
        url = f"/api/work-orders/{visit.work_order_id}/audit"
        entries = client(dispatcher()).get(url).json()
        assert {"work_orders", "visits"} <= {entry["table_name"] for entry in entries}

    def test_of_an_order_that_never_was_is_not_found(
        self, session: Session, client: MakeClient
    ) -> None:
        visit = make_visit(session)
        url = f"/api/work-orders/{visit.id}/audit"
        assert client(dispatcher()).get(url).status_code == 404

    def test_is_for_the_office(self, session: Session, client: MakeClient) -> None:
        order = make_work_order(session)
        assert client(principal("technician")).get(f"/api/audit/{order.id}").status_code == 403
