"""The page behind a proactive message: evidence in words, choices, the answer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer
from dispatch.work_orders.models import Visit, WorkOrder
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import service as decisions
from iot_ingest.playbooks import service as playbooks
from iot_ingest.rules.lifecycle import Danger, Severity
from kernel import clock
from kernel.principal import Principal
from tests import principals
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.customers import make_customer, make_site
from tests.factories.iot_ingest import make_alert, make_device, make_rule
from tests.factories.technicians import make_shift, make_technician
from tests.factories.territories import make_territory

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


def alert_of(session: Session, customer: Customer, **rule: Any) -> Alert:
    """An alert on the customer's asset, where a technician works today and tomorrow."""
    territory = make_territory(session)
    person = make_technician(session, territory, skills={"boiler": 3})
    for day in (0, 1):
        make_shift(session, person, NOW + timedelta(days=day))
    site = make_site(session, customer, territory_id=territory.id)
    device = make_device(session, make_asset(session, site))
    return make_alert(session, make_rule(session, **rule), device=device, predicted_minutes=48 * 60)


class TestAlert:
    def test_says_what_when_and_what_to_choose(
        self, session: Session, page: ApiClient, customer: Customer
    ) -> None:
        alert = alert_of(session, customer)
        told = page.get(f"/api/customer/alerts/{alert.id}").json()
        assert told["words"]["en"].startswith("Temperature was 91.5")
        assert told["words"]["de"].startswith("Temperature war 91.5")
        assert told["choices"] == ["slot", "ignore"]
        assert datetime.fromisoformat(told["predicted_at"]) == NOW + timedelta(days=2)
        assert told["windows"]

    def test_danger_cannot_be_ignored(
        self, session: Session, page: ApiClient, customer: Customer
    ) -> None:
        alert = alert_of(session, customer, danger=Danger.GAS)
        url = f"/api/customer/alerts/{alert.id}"
        assert page.get(url).json()["choices"] == ["slot"]
        reply = page.post(f"{url}/answer", json={"choice": "ignore"})
        assert (reply.status_code, reply.json()["code"]) == (409, "danger_not_ignored")

    def test_somebody_elses_alert_does_not_exist(self, session: Session, page: ApiClient) -> None:
        alert = make_alert(session)
        url = f"/api/customer/alerts/{alert.id}"
        assert page.get(url).status_code == 404
        assert page.post(f"{url}/answer", json={"choice": "ignore"}).status_code == 404


class TestAnswerAlert:
    def test_choosing_a_slot_books_a_visit_that_the_link_can_follow(
        self, session: Session, client: Client, customer: Customer
    ) -> None:
        alert = alert_of(session, customer)
        link = Principal(
            subject_id=customer.id,
            roles=frozenset({"customer"}),
            name="link",
            only_record=alert.id,
        )
        page = client(link)
        window = page.get(f"/api/customer/alerts/{alert.id}").json()["windows"][0]
        told = page.post(
            f"/api/customer/alerts/{alert.id}/answer",
            json={
                "choice": "slot",
                "window_start": window["start"],
                "window_end": window["end"],
            },
        ).json()
        assert (told["answer"], told["choices"]) == ("slot", [])
        track = page.get(f"/api/customer/visits/{told['visit_id']}")
        assert track.status_code == 200
        assert track.json()["arrival_start"] == window["start"]

    def test_ignoring_leaves_it_at_that(
        self, session: Session, page: ApiClient, customer: Customer
    ) -> None:
        alert = alert_of(session, customer)
        told = page.post(
            f"/api/customer/alerts/{alert.id}/answer", json={"choice": "ignore"}
        ).json()
        assert (told["answer"], told["visit_id"]) == ("ignore", None)

    def test_what_the_decision_table_does_not_offer_cannot_be_ignored(
        self, session: Session, page: ApiClient, customer: Customer
    ) -> None:
        alert = alert_of(session, customer)
        fields = {"fault_class": alert.fault_class, "criticality": 1, "offers_ignore": False}
        playbooks.write(session, fields)
        reply = page.post(f"/api/customer/alerts/{alert.id}/answer", json={"choice": "ignore"})
        assert (reply.status_code, reply.json()["code"]) == (409, "ignore_not_offered")

    @pytest.mark.parametrize(
        ("danger", "days", "hours"),
        [
            (Danger.NONE, 400, 2),
            (Danger.NONE, 1, 7_200),
            (Danger.NONE, 1, 0.01),
            (Danger.GAS, 4, 2),
        ],
    )
    def test_a_window_that_is_not_offered_moves_no_visit(
        self,
        session: Session,
        page: ApiClient,
        customer: Customer,
        danger: Danger,
        days: int,
        hours: float,
    ) -> None:
        alert = alert_of(session, customer, danger=danger, severity=Severity.CRITICAL)
        decisions.decide(session, alert.id)
        start = NOW + timedelta(days=days)
        choice = {
            "choice": "slot",
            "window_start": start.isoformat(),
            "window_end": (start + timedelta(hours=hours)).isoformat(),
        }
        reply = page.post(f"/api/customer/alerts/{alert.id}/answer", json=choice)
        assert (reply.status_code, reply.json()["code"]) == (422, "window_not_offered")
        visit = session.scalars(select(Visit)).one()
        assert visit.window_start is None
        assert alert.answer is None

    def test_in_danger_only_windows_in_time_are_offered(
        self, session: Session, page: ApiClient, customer: Customer
    ) -> None:
        alert = alert_of(session, customer, danger=Danger.GAS)
        decisions.decide(session, alert.id)
        told = page.get(f"/api/customer/alerts/{alert.id}").json()["windows"]
        order = session.get_one(WorkOrder, alert.work_order_id)
        latest = max(order.due_at or NOW, NOW + timedelta(days=2))
        ends = [datetime.fromisoformat(window["end"]) for window in told]
        assert ends
        assert max(ends) <= latest

    def test_half_a_window_is_refused(
        self, session: Session, page: ApiClient, customer: Customer
    ) -> None:
        alert = alert_of(session, customer)
        reply = page.post(
            f"/api/customer/alerts/{alert.id}/answer",
            json={"choice": "slot", "window_start": "2026-03-03T08:00:00Z"},
        )
        assert reply.status_code == 422
