"""The two promises of the product, from the first fact to the rating, through HTTP and jobs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit, WorkOrder
from iot_ingest.alerts.models import Alert
from kernel import clock
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.customers import make_site
from tests.factories.iot_ingest import make_device_with_token, make_rule
from tests.factories.marketplace import make_freelancer
from tests.factories.scheduling import MONDAY, make_town
from tests.factories.technicians import make_shift
from tests.factories.territories import BERLIN
from tests.principals import customer_principal, dispatcher, technician_principal

Clients = Callable[..., ApiClient]


@pytest.fixture
def passing_time(session: Session) -> Callable[[timedelta], None]:
    def pass_time(span: timedelta) -> None:
        clock.freeze(session, clock.now(session) + span)

    return pass_time


def site_of_town(session: Session, territory_id: Any) -> Site:
    return make_site(session, latitude=BERLIN[0], longitude=BERLIN[1], territory_id=territory_id)


def work_through(phone: ApiClient, visit_id: Any, *, verdict: str | None = None) -> None:
    """All steps from the road to the end, as the phone offers them."""
    steps: list[dict[str, Any]] = [
        {"to": "en_route"},
        {"to": "on_site"},
        {"to": "in_progress"},
        {"to": "completed", "report": {"done": True}, **({"verdict": verdict} if verdict else {})},
    ]
    for step in steps:
        reply = phone.post(f"/api/technician/visits/{visit_id}/move", json=step)
        assert reply.status_code == 200, reply.text


class TestReadingToRating:
    def test_a_failing_device_ends_as_a_rated_visit(
        self,
        session: Session,
        client: Clients,
        run_jobs: Callable[[], int],
        passing_time: Callable[[timedelta], None],
    ) -> None:
        town = make_town(session, technicians=1)
        site = site_of_town(session, town.territory.id)
        _, token = make_device_with_token(session, make_asset(session, site))
        make_rule(session, work_type_code=town.work_type.code, answer_minutes=600)

        device_phone = client(Authorization=f"Bearer {token}")
        for number in range(4):
            at = clock.now(session)
            reading = {"metric": "temperature", "ts": at.isoformat(), "value": 95.0}
            body = {"boot_id": "b1", "seq": number, "readings": [reading]}
            reply = device_phone.post("/api/ingest/readings", json=body)
            assert reply.json()["highest_seq"] == number, reply.text
            passing_time(timedelta(minutes=5))
        run_jobs()

        alert = session.scalars(select(Alert)).one()
        customer = session.get_one(Customer, site.customer_id)
        phone = client(customer_principal(customer))
        page = phone.get(f"/api/customer/alerts/{alert.id}").json()
        assert page["windows"], page
        window = page["windows"][0]
        choice = {"choice": "slot", "window_start": window["start"], "window_end": window["end"]}
        answered = phone.post(f"/api/customer/alerts/{alert.id}/answer", json=choice)
        assert answered.status_code == 200, answered.text
        visit_id = answered.json()["visit_id"]
        run_jobs()

        clock.freeze(session, datetime.fromisoformat(window["start"]) - timedelta(minutes=30))
        office_phone = client(technician_principal(town.first))
        assert office_phone.post("/api/technician/duty", json={"on_duty": True}).is_success
        _dispatch_if_needed(client, session, visit_id)
        work_through(office_phone, visit_id, verdict="true_fault")
        run_jobs()

        rating = {"csat": 5, "effort": 1, "solved_first_time": True}
        rated = phone.post(f"/api/customer/visits/{visit_id}/rate", json=rating)
        assert rated.is_success, rated.text
        session.refresh(alert)
        order = session.get_one(WorkOrder, session.get_one(Visit, visit_id).work_order_id)
        assert (order.status, order.source, alert.status) == ("completed", "iot", "cleared")


class TestBookingToFreelancer:
    def test_what_nobody_in_house_can_do_is_done_by_a_freelancer(
        self, session: Session, client: Clients, run_jobs: Callable[[], int]
    ) -> None:
        town = make_town(session, technicians=0)
        freelancer: Technician = make_freelancer(session, town.territory)
        make_shift(session, freelancer, MONDAY, hours=9)
        site = site_of_town(session, town.territory.id)
        customer = session.get_one(Customer, site.customer_id)
        phone = client(customer_principal(customer))

        request = {"site_id": str(site.id), "work_type_code": town.work_type.code}
        made = phone.post("/api/customer/requests", json=request)
        assert made.status_code in (200, 201), made.text
        visit_id = made.json()["visit_id"]
        windows = phone.get(
            f"/api/customer/visits/{visit_id}/windows",
            params={"from": MONDAY.date().isoformat(), "days": 1},
        )
        assert windows.json() == []
        run_jobs()

        hers = client(technician_principal(freelancer))
        [offer] = hers.get("/api/technician/offers").json()
        assert offer["visit_id"] == visit_id
        accepted = hers.post(f"/api/technician/offers/{offer['id']}/accept")
        assert accepted.status_code == 200, accepted.text
        run_jobs()
        assert hers.post("/api/technician/duty", json={"on_duty": True}).is_success
        work_through(hers, visit_id)
        run_jobs()

        seen = phone.get(f"/api/customer/visits/{visit_id}").json()
        assert seen["status"] == "completed"
        assert seen["technician"] is None or seen["technician"]["name"]


def _dispatch_if_needed(client: Clients, session: Session, visit_id: str) -> None:
    """The policy's timer does it on the day; here a dispatcher does."""
    office = client(dispatcher())
    card = office.get(f"/api/visits/{visit_id}").json()
    if card["status"] == "scheduled":
        reply = office.post(f"/api/visits/{visit_id}/dispatch")
        assert reply.status_code == 200, reply.text
