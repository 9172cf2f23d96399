"""Storm mode from its beginning to back to normal, and what each customer gets."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.lifecycle import CustomerKind
from dispatch.customers.models import Customer
from dispatch.messaging.models import Message
from dispatch.scheduling.policies import service as policies
from dispatch.scheduling.policies.lifecycle import PolicyStatus
from dispatch.scheduling.policies.models import Policy
from dispatch.scheduling.policies.queries import policies_in_force
from dispatch.scheduling.policies.rules import Rules
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import WorkOrderStatus
from dispatch.work_orders.models import WorkOrder
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import service as decisions
from iot_ingest.incidents import queries as incident_queries
from iot_ingest.incidents import service as incidents
from iot_ingest.incidents.lifecycle import IncidentStatus
from iot_ingest.incidents.models import Incident
from iot_ingest.remedies import service as remedies
from iot_ingest.remedies.lifecycle import RemedyKind, RemedyStatus
from iot_ingest.remedies.models import RemedyTerms
from iot_ingest.rules.models import Rule
from iot_ingest.storms import service
from kernel import clock
from kernel.db import act_as
from kernel.errors import Conflict, Forbidden, Invalid
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.iot_ingest import make_alert, make_device, make_rule
from tests.factories.territories import make_territory
from tests.principals import dispatcher, principal

Client = Callable[..., ApiClient]
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
EVENING = NOON + timedelta(hours=7)


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOON)


@pytest.fixture
def rule(session: Session) -> Rule:
    return make_rule(session)


@pytest.fixture
def incident(session: Session, rule: Rule) -> Incident:
    """Three alerts on parts of one asset."""
    top = make_asset(session)
    found = [part_of(session, rule, top) for _ in range(3)]
    made = incidents.group(session, found[0])
    assert made is not None
    return made


def part_of(session: Session, rule: Rule, top: Asset) -> Alert:
    return make_alert(
        session, rule, device=make_device(session, make_asset(session, parent_id=top.id))
    )


def members(session: Session, incident: Incident) -> list[Alert]:
    return list(incident_queries.list_alerts(session, incident.id))


def orders(session: Session) -> list[WorkOrderStatus]:
    return list(session.scalars(select(WorkOrder.status).order_by(WorkOrder.id)))


def reserve(session: Session, incident: Incident) -> int:
    session.expire_all()
    return session.get_one(Territory, incident.territory_id).emergency_reserve_pct


class TestBegin:
    def test_one_parent_order_and_the_others_wait_behind_it(
        self, session: Session, incident: Incident
    ) -> None:
        before = reserve(session, incident)
        for _ in range(2):
            service.begin(session, incident.id, restoration_at=EVENING, reserve_pct=70)
        assert incident.status is IncidentStatus.STORM
        assert orders(session) == [WorkOrderStatus.OPEN] + [WorkOrderStatus.ON_HOLD] * 3
        assert (before, reserve(session, incident)) == (0, 70)
        told = session.scalars(select(Message)).all()
        assert [message.template for message in told] == ["incident_update"] * 3

    def test_a_new_alert_joins_and_nobody_is_asked_for_a_time(
        self, session: Session, incident: Incident, rule: Rule
    ) -> None:
        service.begin(session, incident.id, restoration_at=EVENING, reserve_pct=70)
        top = session.get_one(Asset, incident.upstream_asset_id)
        late = part_of(session, rule, top)
        decisions.decide(session, late.id)
        for _ in range(2):
            service.take_in(session, incident.id, late.id)
        assert late.answer_due_at is None
        assert orders(session).count(WorkOrderStatus.ON_HOLD) == 4

    def test_a_restoration_in_the_past_is_refused(
        self, session: Session, incident: Incident
    ) -> None:
        with pytest.raises(Invalid):
            service.begin(session, incident.id, restoration_at=NOON, reserve_pct=70)

    def test_a_restoration_in_the_last_year_there_is_is_refused(
        self, incident: Incident, client: Client
    ) -> None:
        said = client(principal("supervisor")).post(
            f"/api/incidents/{incident.id}/storm", json={"restoration_at": "9999-12-31T23:59:00Z"}
        )
        assert said.status_code == 422


class TestAsking:
    """Nobody is reminded while everybody is told when it will be over."""

    def after(self, session: Session, run_jobs: Callable[[], int], **time: int) -> None:
        clock.freeze(session, clock.now(session) + timedelta(**time))
        run_jobs()

    def templates(self, session: Session, alert: Alert) -> list[str]:
        found = select(Message.template).where(Message.alert_id == alert.id).order_by(Message.id)
        return list(session.scalars(found))

    def test_questions_from_before_wait_and_go_on_after_it(
        self, session: Session, incident: Incident, run_jobs: Callable[[], int]
    ) -> None:
        alert = members(session, incident)[0]
        decisions.decide(session, alert.id)
        self.after(session, run_jobs, hours=3)
        service.begin(session, incident.id, restoration_at=EVENING, reserve_pct=70)
        self.after(session, run_jobs, hours=3)
        assert self.templates(session, alert) == ["alert_opened", "incident_update"]
        service.calm(session, incident.id)
        self.after(session, run_jobs, minutes=59)
        assert "alert_reminder" not in self.templates(session, alert)
        self.after(session, run_jobs, minutes=1)
        assert self.templates(session, alert)[-1] == "alert_reminder"

    def test_what_ended_in_the_storm_is_asked_no_more(
        self, session: Session, incident: Incident, run_jobs: Callable[[], int]
    ) -> None:
        alert = members(session, incident)[0]
        decisions.decide(session, alert.id)
        service.begin(session, incident.id, restoration_at=EVENING, reserve_pct=70)
        alerts.clear(session, alert.id, Disposition.FALSE_ALARM)
        run_jobs()
        service.calm(session, incident.id)
        self.after(session, run_jobs, days=1)
        assert self.templates(session, alert) == ["alert_opened", "incident_update"]

    def test_an_alert_of_the_storm_is_asked_about_after_it(
        self, session: Session, incident: Incident, run_jobs: Callable[[], int]
    ) -> None:
        alert = members(session, incident)[0]
        service.begin(session, incident.id, restoration_at=EVENING, reserve_pct=70)
        decisions.decide(session, alert.id)
        assert self.templates(session, alert) == ["incident_update"]
        service.calm(session, incident.id)
        run_jobs()
        assert self.templates(session, alert) == ["incident_update", "alert_opened"]


class TestCalm:
    def test_comes_before_the_incident_is_closed(
        self, session: Session, incident: Incident
    ) -> None:
        service.begin(session, incident.id, restoration_at=EVENING, reserve_pct=70)
        with pytest.raises(Conflict):
            incidents.close(session, incident.id)
        service.calm(session, incident.id)
        assert incidents.close(session, incident.id).status is IncidentStatus.CLOSED

    def test_is_one_move_back_to_normal(self, session: Session, incident: Incident) -> None:
        service.begin(session, incident.id, restoration_at=EVENING, reserve_pct=70)
        gone = members(session, incident)[0]
        alerts.end(session, gone.id, Disposition.DUPLICATE)
        for _ in range(2):
            service.calm(session, incident.id)
        assert incident.status is IncidentStatus.OPEN
        assert reserve(session, incident) == 0
        assert orders(session) == [
            WorkOrderStatus.OPEN,
            WorkOrderStatus.CANCELLED,
            WorkOrderStatus.OPEN,
            WorkOrderStatus.OPEN,
        ]


class TestPolicies:
    """What plans are made by, read as the planner reads it."""

    STORM = Rules(overtime_minutes=180, crowd_minutes=None)

    def in_force(self, session: Session, incident: Incident) -> Rules:
        session.expire_all()
        return policies_in_force(session).of(incident.territory_id)

    def swap(self, session: Session, incident: Incident) -> Policy:
        territory_id = incident.territory_id
        stormy = policies.create_version(session, "storm", self.STORM, territory_id=territory_id)
        service.begin(
            session, incident.id, restoration_at=EVENING, reserve_pct=70, policy_id=stormy.id
        )
        return stormy

    def make_active(self, session: Session, incident: Incident, name: str) -> Rules:
        rules = Rules(overtime_minutes=15)
        made = policies.create_version(session, name, rules, territory_id=incident.territory_id)
        policies.activate(session, made.id)
        return rules

    def test_others_are_in_force_until_it_is_calm(
        self, session: Session, incident: Incident
    ) -> None:
        usual = self.make_active(session, incident, "usual")
        self.swap(session, incident)
        assert self.in_force(session, incident) == self.STORM
        for _ in range(2):
            service.calm(session, incident.id)
        assert self.in_force(session, incident) == usual

    def test_where_none_was_those_for_the_rest_hold_again(
        self, session: Session, incident: Incident
    ) -> None:
        before = self.in_force(session, incident)
        stormy = self.swap(session, incident)
        assert self.in_force(session, incident) == self.STORM
        service.calm(session, incident.id)
        assert self.in_force(session, incident) == before
        assert stormy.status is PolicyStatus.RETIRED

    def test_what_somebody_put_in_force_meanwhile_stays(
        self, session: Session, incident: Incident
    ) -> None:
        self.swap(session, incident)
        other = self.make_active(session, incident, "by hand")
        service.calm(session, incident.id)
        assert self.in_force(session, incident) == other

    def test_those_of_another_territory_are_refused(
        self, session: Session, incident: Incident
    ) -> None:
        elsewhere = policies.create_version(
            session, "away", self.STORM, territory_id=make_territory(session).id
        )
        with pytest.raises(Invalid) as refused:
            service.begin(
                session, incident.id, restoration_at=EVENING, reserve_pct=70,
                policy_id=elsewhere.id,
            )  # fmt: skip
        assert refused.value.code == "storm_policy_elsewhere"


class TestApi:
    def test_supervisors_begin_and_end_it(
        self, session: Session, incident: Incident, client: Client
    ) -> None:
        url = f"/api/incidents/{incident.id}"
        body = {"restoration_at": EVENING.isoformat()}
        assert client(dispatcher()).post(f"{url}/storm", json=body).status_code == 403
        staff = client(principal("supervisor"))
        assert staff.post(f"{url}/storm", json=body).json()["orders"] == 3
        later = {"restoration_at": (EVENING + timedelta(hours=2)).isoformat()}
        for _ in range(2):
            told = client(dispatcher()).post(f"{url}/restoration", json=later)
            assert told.is_success
        assert session.query(Message).count() == 6
        assert staff.post(f"{url}/calm").json()["ended_at"] is not None
        assert client(dispatcher()).get(f"{url}/storm").json()["orders"] == 3


class TestRemedies:
    def test_one_incident_gets_different_answers(
        self, session: Session, incident: Incident
    ) -> None:
        first, second, _ = members(session, incident)
        session.get_one(Customer, first.customer_id).vulnerable = True
        session.get_one(Customer, second.customer_id).kind = CustomerKind.BUSINESS
        session.get_one(Asset, second.asset_id).criticality = 5
        session.flush()
        for _ in range(2):
            found = remedies.propose(session, incident.id, ["dispatcher"])
        assert [(r.kind, r.status, r.reason) for r in found] == [
            (RemedyKind.PRIORITY_VISIT, RemedyStatus.GRANTED, "vulnerable"),
            (RemedyKind.LOAN_DEVICE, RemedyStatus.PROPOSED, "work_stopped"),
            (RemedyKind.WORKAROUND, RemedyStatus.GRANTED, "none_of_these"),
        ]
        assert set(found[0].words) == {"en", "de"}
        with pytest.raises(Forbidden):
            remedies.decide(session, found[1].id, ["supervisor"])
        act_as(session, "supervisor:2")
        with pytest.raises(Forbidden) as refused:
            remedies.decide(session, found[1].id, ["dispatcher"])
        assert refused.value.code == "above_limit"
        for _ in range(2):
            granted = remedies.decide(session, found[1].id, ["supervisor"])
            assert granted.cost_cents == 6_000

    def test_costs_and_limits_are_data(
        self, session: Session, incident: Incident, client: Client
    ) -> None:
        body = {"kind": "workaround", "cost_cents": 900, "limits": {"supervisor": 1000}}
        url = "/api/remedy-terms"
        assert client(principal("supervisor")).post(url, json=body).status_code == 403
        for _ in range(2):
            assert client(principal("admin")).post(url, json=body).status_code == 201
        assert session.query(RemedyTerms).count() == 1
        told = {one["kind"]: one for one in client(dispatcher()).get(url).json()}
        assert (told["workaround"]["cost_cents"], told["credit"]["cost_cents"]) == (900, 2_000)
        found = remedies.propose(session, incident.id, ["dispatcher"])
        assert {(r.status, r.cost_cents) for r in found} == {(RemedyStatus.PROPOSED, 900)}
        refused = client(dispatcher()).post(f"/api/remedies/{found[0].id}/grant")
        assert (refused.status_code, refused.json()["code"]) == (403, "above_limit")
        granted = client(principal("supervisor")).post(f"/api/remedies/{found[0].id}/grant")
        assert granted.json()["status"] == "granted"
