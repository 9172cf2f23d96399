"""What is granted is carried out, once; what stands in the way is said and can be mended."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.lifecycle import CustomerKind
from dispatch.customers.models import Customer
from dispatch.messaging.models import Message
from dispatch.work_orders.lifecycle import VisitStatus, WorkOrderStatus
from dispatch.work_orders.models import PartReservation, WorkOrder
from dispatch.work_orders.queries import list_visits_of
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.credits.models import Credit
from iot_ingest.incidents import service as incidents
from iot_ingest.incidents.models import Incident
from iot_ingest.playbooks import service as playbooks
from iot_ingest.playbooks.models import Playbook
from iot_ingest.remedies import service
from iot_ingest.remedies.lifecycle import RemedyKind, RemedyObstacle
from iot_ingest.remedies.models import Remedy
from iot_ingest.rules.models import Rule
from iot_ingest.storms import service as storms
from kernel import clock
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.iot_ingest import make_alert, make_device, make_rule
from tests.factories.parts import make_part, make_stock
from tests.factories.work_orders import make_work_type, walk
from tests.principals import admin, customer_principal, dispatcher, principal

Client = Callable[..., ApiClient]
RunJobs = Callable[[], int]
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
ALL_MAY = ["supervisor"]
TURN_OFF = {"en": "Turn the valve off.", "de": "Das Ventil zudrehen."}


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOON)


@pytest.fixture
def rule(session: Session) -> Rule:
    return make_rule(session, response_hours=72)


@pytest.fixture
def incident(session: Session, rule: Rule) -> Incident:
    """Two alerts on parts of one asset."""
    top = make_asset(session)
    found = [
        make_alert(
            session, rule, device=make_device(session, make_asset(session, parent_id=top.id))
        )
        for _ in range(2)
    ]
    made = incidents.group(session, found[0])
    assert made is not None
    return made


def playbook(session: Session, rule: Rule, **over: object) -> Playbook:
    return playbooks.write(session, {"fault_class": rule.fault_class, "criticality": 1, **over})


def proposed(session: Session, incident: Incident, kind: RemedyKind) -> tuple[Remedy, Alert]:
    found = service.propose(session, incident.id, ALL_MAY)
    remedy = next(one for one in found if one.kind is kind)
    return remedy, session.get_one(Alert, remedy.alert_id)


def stop_work(session: Session, incident: Incident) -> None:
    """Every customer of the incident is a business that stands still."""
    for alert in session.scalars(select(Alert)):
        session.get_one(Customer, alert.customer_id).kind = CustomerKind.BUSINESS
        session.get_one(Asset, alert.asset_id).criticality = 5
    session.flush()


def make_vulnerable(session: Session) -> None:
    for customer in session.scalars(select(Customer)):
        customer.vulnerable = True
    session.flush()


def letters(session: Session, template: str) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.template == template)))


class TestPriorityVisit:
    def test_an_order_is_opened_and_due_within_a_day(
        self, session: Session, incident: Incident
    ) -> None:
        make_vulnerable(session)
        remedy, alert = proposed(session, incident, RemedyKind.PRIORITY_VISIT)
        order = session.get_one(WorkOrder, alert.work_order_id)
        visit = list_visits_of(session, order.id)[0]
        assert (order.priority, order.due_at) == (4, NOON + timedelta(hours=24))
        assert (visit.priority, visit.due_at) == (order.priority, order.due_at)
        assert (remedy.order_id, remedy.carried_out_at) == (order.id, NOON)
        for _ in range(2):
            service.carry_out_again(session, remedy.id)
        assert session.query(WorkOrder).count() == 2

    def test_it_waits_for_no_storm(self, session: Session, incident: Incident) -> None:
        storms.begin(session, incident.id, restoration_at=NOON + timedelta(hours=5), reserve_pct=9)
        make_vulnerable(session)
        _, alert = proposed(session, incident, RemedyKind.PRIORITY_VISIT)
        order = session.get_one(WorkOrder, alert.work_order_id)
        assert order.status is WorkOrderStatus.OPEN


class TestLoanDevice:
    def loan(self, session: Session, incident: Incident, rule: Rule) -> tuple[Remedy, Alert]:
        part = make_part(session, number="LOAN-1")
        make_stock(session, part, quantity=3)
        make_work_type(session, code="bring", parts=[{"number": "LOAN-1", "quantity": 1}])
        make_work_type(session, code="fetch")
        playbook(session, rule, loan_work_type_code="bring", collect_work_type_code="fetch")
        stop_work(session, incident)
        return proposed(session, incident, RemedyKind.LOAN_DEVICE)

    def test_an_order_brings_it_with_its_part_reserved_and_another_fetches_it(
        self, session: Session, incident: Incident, rule: Rule, run_jobs: RunJobs
    ) -> None:
        remedy, alert = self.loan(session, incident, rule)
        assert remedy.order_id is not None
        reserved = session.scalars(
            select(PartReservation).where(PartReservation.work_order_id == remedy.order_id)
        ).all()
        assert [row.status for row in reserved] == ["reserved"]
        assert len(letters(session, "remedy_loan")) == 2
        walk(session, list_visits_of(session, remedy.order_id)[0], VisitStatus.COMPLETED)
        for _ in range(2):
            if alert.is_open:
                alerts.clear(session, alert.id, Disposition.REPAIRED)
            run_jobs()
        assert remedy.collection_order_id is not None
        fetched = session.get_one(WorkOrder, remedy.collection_order_id)
        assert fetched.title.startswith("Collect loan device")

    def test_one_that_was_not_brought_stays_here(
        self, session: Session, incident: Incident, rule: Rule, run_jobs: RunJobs
    ) -> None:
        remedy, alert = self.loan(session, incident, rule)
        alerts.clear(session, alert.id, Disposition.FALSE_ALARM)
        run_jobs()
        assert session.get_one(WorkOrder, remedy.order_id).status is WorkOrderStatus.CANCELLED
        assert remedy.collection_order_id is None

    def test_without_a_work_type_it_is_said_and_tried_again(
        self, session: Session, incident: Incident, rule: Rule, client: Client
    ) -> None:
        stop_work(session, incident)
        remedy, _ = proposed(session, incident, RemedyKind.LOAN_DEVICE)
        assert (remedy.obstacle, remedy.carried_out_at) == (RemedyObstacle.NO_LOAN_TYPE, None)
        make_work_type(session, code="bring")
        playbook(session, rule, loan_work_type_code="bring")
        for _ in range(2):
            told = client(dispatcher()).post(f"/api/remedies/{remedy.id}/carry-out").json()
            assert (told["obstacle"], told["order_number"] is not None) == (None, True)


class TestWorkaround:
    def test_instructions_are_sent_and_stand_on_the_page(
        self, session: Session, incident: Incident, rule: Rule, client: Client
    ) -> None:
        playbook(session, rule, workaround=TURN_OFF)
        for customer in session.scalars(select(Customer)):
            customer.locale = "de"
        session.flush()
        _, alert = proposed(session, incident, RemedyKind.WORKAROUND)
        told = letters(session, "remedy_workaround")
        assert len(told) == 2
        assert "Das Ventil zudrehen." in told[0].text
        customer = session.get_one(Customer, alert.customer_id)
        page = client(customer_principal(customer)).get(f"/api/customer/alerts/{alert.id}").json()
        assert page["workaround"] == "Das Ventil zudrehen."


class TestCredit:
    def granted(self, session: Session, incident: Incident) -> Alert:
        """Three faults in ninety days ask for money."""
        for alert in session.scalars(select(Alert)).all():
            for _ in range(2):
                make_alert(
                    session,
                    make_rule(session),
                    customer_id=alert.customer_id,
                    opened_at=NOON - timedelta(days=9),
                )
        return proposed(session, incident, RemedyKind.CREDIT)[1]

    def test_it_stands_with_the_customer_until_a_bill_takes_it(
        self, session: Session, incident: Incident, client: Client
    ) -> None:
        alert = self.granted(session, incident)
        customer = session.get_one(Customer, alert.customer_id)
        (mine,) = client(customer_principal(customer)).get("/api/customer/credits").json()
        assert (mine["amount_cents"], mine["status"]) == (2_000, "granted")
        assert "20.00" in letters(session, "remedy_credit")[0].text
        finance = client(principal("finance"))
        (shown,) = finance.get(f"/api/credits?customer_id={customer.id}").json()["items"]
        assert (shown["id"], shown["incident_id"]) == (mine["id"], str(incident.id))
        assert shown["fault_class"] == incident.fault_class
        url = f"/api/credits/{mine['id']}/redeem"
        for _ in range(2):
            said = finance.post(url, json={"reference": "R-7"}).json()
            assert (said["status"], said["reference"]) == ("redeemed", "R-7")
        refused = finance.post(url, json={"reference": "R-8"})
        assert (refused.status_code, refused.json()["code"]) == (409, "credit_redeemed")
        assert client(dispatcher()).post(url, json={"reference": "R-7"}).status_code == 403
        asked = "since=2026-11-23T00:00:00Z&until=2026-11-24T00:00:00Z"
        lines = finance.get(f"/api/credits.csv?{asked}").text.splitlines()
        assert len(lines) == 1 + session.query(Credit).count()
        assert any("20.00,EUR" in line and "R-7" in line for line in lines)


class TestCosts:
    def test_what_an_incident_costs_by_remedy(
        self, session: Session, incident: Incident, rule: Rule, client: Client
    ) -> None:
        terms = {"kind": "workaround", "cost_cents": 900, "limits": {"supervisor": 900}}
        client(admin()).post("/api/remedy-terms", json=terms)
        playbook(session, rule, workaround=TURN_OFF)
        first = session.scalars(select(Alert)).first()
        assert first is not None
        session.get_one(Customer, first.customer_id).vulnerable = True
        session.flush()
        service.propose(session, incident.id, ["dispatcher"])
        told = client(dispatcher()).get(f"/api/incidents/{incident.id}/remedy-costs").json()
        assert (told["granted_cents"], told["proposed_cents"]) == (2_500, 900)
        by_kind = {one["kind"]: one for one in told["kinds"]}
        assert by_kind["priority_visit"]["carried_out"] == 1
        assert by_kind["workaround"]["proposed"] == 1
        shown = client(dispatcher()).get(f"/api/incidents/{incident.id}/remedies").json()
        assert all(one["customer_name"] and one["words"]["de"] for one in shown)
