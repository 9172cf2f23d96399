"""The customer's pages: book, change, track, rate; one's own only, links narrower still."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer
from dispatch.scheduling.moves import service as moves
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.principal import Principal
from tests import principals
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.customers import make_customer, make_site
from tests.factories.technicians import make_shift, make_technician
from tests.factories.territories import make_territory
from tests.factories.work_orders import make_visit, make_work_type

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.fixture
def customer(session: Session) -> Customer:
    return make_customer(session)


@pytest.fixture
def page(client: Client, customer: Customer) -> ApiClient:
    return client(principals.customer_principal(customer))


@pytest.fixture
def technician(session: Session) -> Technician:
    """Works Monday and Tuesday from nine to seventeen, UTC."""
    person = make_technician(session, make_territory(session), skills={"boiler": 3})
    for day in (0, 1):
        make_shift(session, person, NOW + timedelta(days=day))
    return person


@pytest.fixture
def visit(session: Session, customer: Customer, technician: Technician) -> Visit:
    site = make_site(session, customer, territory_id=technician.territory_id)
    return make_visit(session, site=site, order_values={"source": "booking"})


def link(customer: Customer, record_id: Any) -> Principal:
    return Principal(
        subject_id=customer.id, roles=frozenset({"customer"}), name="link", only_record=record_id
    )


def first_window(page: ApiClient, visit: Visit) -> dict[str, str]:
    windows = page.get(f"/api/customer/visits/{visit.id}/windows", params={"days": 2}).json()
    return {"window_start": windows[0]["start"], "window_end": windows[0]["end"]}


def book(page: ApiClient, visit: Visit) -> dict[str, Any]:
    url = f"/api/customer/visits/{visit.id}"
    assert page.post(f"{url}/hold", json=first_window(page, visit)).status_code == 200
    booking: dict[str, Any] = page.post(f"{url}/confirm").json()
    return booking


class TestMe:
    def test_shows_places_and_equipment(
        self, session: Session, page: ApiClient, customer: Customer
    ) -> None:
        site = make_site(session, customer)
        make_asset(session, site)
        make_asset(session)
        told = page.get("/api/customer/me").json()
        assert [entry["id"] for entry in told["sites"]] == [str(site.id)]
        assert len(told["assets"]) == 1

    def test_a_link_is_not_enough(self, client: Client, customer: Customer) -> None:
        reply = client(link(customer, uuid4())).get("/api/customer/me")
        assert (reply.status_code, reply.json()["code"]) == (403, "link_too_narrow")


class TestCatalog:
    def test_is_open_to_everybody_and_hides_what_cannot_be_booked(
        self, session: Session, client: Client
    ) -> None:
        shown = make_work_type(session, questions=[{"id": "age", "text": "How old is it?"}])
        hidden = make_work_type(session, bookable=False)
        entries = {entry["code"]: entry for entry in client().get("/api/customer/catalog").json()}
        assert entries[shown.code]["questions"][0]["id"] == "age"
        assert hidden.code not in entries


class TestRequests:
    def test_opens_an_order_at_a_new_site(
        self, session: Session, page: ApiClient, technician: Technician
    ) -> None:
        kind = make_work_type(
            session,
            questions=[
                {
                    "id": "heat",
                    "text": "Is there heat?",
                    "options": [{"value": "none", "priority": 4}, {"value": "some"}],
                }
            ],
        )
        reply = page.post(
            "/api/customer/requests",
            json={
                "work_type_code": kind.code,
                "site": {"address": "Neue Straße 1", "latitude": 52.53, "longitude": 13.41},
                "description": "It drips",
                "answers": {"heat": "none"},
            },
        )
        assert reply.status_code == 201
        track = page.get(f"/api/customer/visits/{reply.json()['visit_id']}").json()
        assert track["description"] == "It drips\nIs there heat? none"
        assert session.get_one(Visit, UUID(reply.json()["visit_id"])).priority == 4

    def test_somebody_elses_site_does_not_exist(self, session: Session, page: ApiClient) -> None:
        reply = page.post(
            "/api/customer/requests",
            json={
                "work_type_code": make_work_type(session).code,
                "site_id": str(make_site(session).id),
            },
        )
        assert reply.status_code == 404

    def test_an_asset_of_another_site_does_not_exist(
        self, session: Session, page: ApiClient, customer: Customer
    ) -> None:
        reply = page.post(
            "/api/customer/requests",
            json={
                "work_type_code": make_work_type(session).code,
                "site_id": str(make_site(session, customer).id),
                "asset_id": str(make_asset(session).id),
            },
        )
        assert reply.status_code == 404

    def test_an_unbookable_type_does_not_exist(
        self, session: Session, page: ApiClient, customer: Customer
    ) -> None:
        reply = page.post(
            "/api/customer/requests",
            json={
                "work_type_code": make_work_type(session, bookable=False).code,
                "site_id": str(make_site(session, customer).id),
            },
        )
        assert reply.status_code == 404

    @pytest.mark.parametrize(
        ("answers", "code"), [({}, "answer_missing"), ({"x": "y"}, "question_unknown")]
    )
    def test_answers_must_fit_the_questions(
        self,
        session: Session,
        page: ApiClient,
        customer: Customer,
        answers: dict[str, str],
        code: str,
    ) -> None:
        kind = make_work_type(session, questions=[{"id": "a", "text": "A?", "required": True}])
        reply = page.post(
            "/api/customer/requests",
            json={
                "work_type_code": kind.code,
                "site_id": str(make_site(session, customer).id),
                "answers": answers,
            },
        )
        assert (reply.status_code, reply.json()["code"]) == (422, code)

    def test_needs_exactly_one_place(self, session: Session, page: ApiClient) -> None:
        reply = page.post(
            "/api/customer/requests", json={"work_type_code": make_work_type(session).code}
        )
        assert reply.status_code == 422


class TestBooking:
    def test_windows_do_not_tell_who_or_what_it_costs_us(
        self, page: ApiClient, visit: Visit
    ) -> None:
        windows = page.get(f"/api/customer/visits/{visit.id}/windows").json()
        assert windows
        assert set(windows[0]) == {"start", "end", "grade", "reasons", "co2_grams", "confirm_by"}

    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
    def test_windows_of_a_day_beyond_every_calendar_are_refused(
        self, page: ApiClient, visit: Visit, day: str
    ) -> None:
        reply = page.get(f"/api/customer/visits/{visit.id}/windows", params={"from": day})
        assert (reply.status_code, reply.json()["code"]) == (422, "malformed")

    def test_hold_then_confirm_is_a_promise(self, page: ApiClient, visit: Visit) -> None:
        booking = book(page, visit)
        assert booking["status"] == "confirmed"
        track = page.get(f"/api/customer/visits/{visit.id}").json()
        assert track["arrival_start"] == booking["arrival_start"]
        assert track["moves"] == {
            "can_book": False,
            "can_reschedule": True,
            "can_cancel": True,
            "can_rate": False,
        }

    def test_an_expired_hold_cannot_be_confirmed(
        self, session: Session, page: ApiClient, visit: Visit
    ) -> None:
        url = f"/api/customer/visits/{visit.id}"
        held = page.post(f"{url}/hold", json=first_window(page, visit)).json()
        clock.freeze(session, datetime.fromisoformat(held["expires_at"]))
        assert page.post(f"{url}/confirm").json()["code"] == "hold_expired"

    def test_a_window_that_was_not_offered_cannot_be_held(
        self, page: ApiClient, visit: Visit
    ) -> None:
        reply = page.post(
            f"/api/customer/visits/{visit.id}/hold",
            json={"window_start": "2026-03-03T02:00:00Z", "window_end": "2026-03-03T04:00:00Z"},
        )
        assert reply.status_code == 409

    def test_a_booking_can_be_moved(self, page: ApiClient, visit: Visit) -> None:
        book(page, visit)
        url = f"/api/customer/visits/{visit.id}"
        windows = page.get(f"{url}/windows", params={"days": 2}).json()
        wanted = {"window_start": windows[-1]["start"], "window_end": windows[-1]["end"]}
        moved = page.post(f"{url}/reschedule", json=wanted).json()
        assert moved["arrival_start"] == wanted["window_start"]

    def test_calling_off_cancels_visit_and_booking(self, page: ApiClient, visit: Visit) -> None:
        book(page, visit)
        url = f"/api/customer/visits/{visit.id}/cancel"
        assert page.post(url, json={"reason": "moved out"}).json()["status"] == "cancelled"
        assert page.post(url, json={}).json()["status"] == "cancelled"

    def test_without_a_booking_it_can_be_called_off_too(
        self, page: ApiClient, visit: Visit
    ) -> None:
        reply = page.post(f"/api/customer/visits/{visit.id}/cancel", json={})
        assert reply.json()["status"] == "cancelled"

    def test_nothing_can_be_changed_once_somebody_is_on_the_way(
        self, session: Session, page: ApiClient, visit: Visit
    ) -> None:
        book(page, visit)
        for to in (VisitStatus.DISPATCHED, VisitStatus.EN_ROUTE):
            moves.move(session, visit.id, to)
        reply = page.post(f"/api/customer/visits/{visit.id}/cancel", json={})
        assert (reply.status_code, reply.json()["code"]) == (409, "under_way")

    @pytest.mark.parametrize("action", ["hold", "confirm", "reschedule", "cancel", "rate"])
    def test_somebody_elses_visit_does_not_exist(
        self, session: Session, page: ApiClient, action: str
    ) -> None:
        foreign = make_visit(session)
        body = {
            "hold": {"window_start": "2026-03-03T08:00:00Z", "window_end": "2026-03-03T10:00:00Z"},
            "cancel": {},
            "rate": {"csat": 5, "solved_first_time": True},
        }
        body["reschedule"] = body["hold"]
        reply = page.post(f"/api/customer/visits/{foreign.id}/{action}", json=body.get(action))
        assert reply.status_code == 404


class TestLink:
    def test_opens_its_visit_and_no_other(
        self, session: Session, client: Client, customer: Customer, visit: Visit
    ) -> None:
        other = make_visit(session, site=make_site(session, customer))
        page = client(link(customer, visit.id))
        assert page.get(f"/api/customer/visits/{visit.id}").status_code == 200
        assert page.get(f"/api/customer/visits/{other.id}").status_code == 404

    def test_can_book(self, client: Client, customer: Customer, visit: Visit) -> None:
        assert book(client(link(customer, visit.id)), visit)["status"] == "confirmed"


class TestRate:
    def test_needs_a_completed_visit(self, page: ApiClient, visit: Visit) -> None:
        reply = page.post(
            f"/api/customer/visits/{visit.id}/rate", json={"csat": 5, "solved_first_time": True}
        )
        assert reply.status_code == 409

    def test_is_kept(self, session: Session, page: ApiClient, customer: Customer) -> None:
        visit = make_visit(session, site=make_site(session, customer), status=VisitStatus.COMPLETED)
        reply = page.post(
            f"/api/customer/visits/{visit.id}/rate",
            json={"csat": 4, "effort": 2, "solved_first_time": True, "comment": "quick"},
        )
        assert reply.status_code == 201
        [shown] = page.get("/api/customer/visits").json()
        assert (shown["csat"], shown["moves"]["can_rate"]) == (4, False)
