"""Alerts with a cause in common become one incident."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import AlertStatus, Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.incidents import queries, service
from iot_ingest.incidents.lifecycle import Cause, IncidentStatus
from iot_ingest.incidents.models import Incident
from iot_ingest.rules.lifecycle import Severity
from iot_ingest.rules.models import Rule
from kernel import clock
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.customers import make_customer, make_site
from tests.factories.iot_ingest import make_alert, make_device, make_rule
from tests.principals import call_agent, dispatcher

Client = Callable[..., ApiClient]
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOON)


@pytest.fixture
def rule(session: Session) -> Rule:
    return make_rule(session)


def alert_at(session: Session, rule: Rule, step: float, **asset: Any) -> Alert:
    """About 1.1 km further north with each hundredth of a degree."""
    customer = make_customer(session)
    site = make_site(session, customer, latitude=52.5 + step, longitude=13.4)
    device = make_device(session, make_asset(session, site, **asset))
    return make_alert(session, rule, device=device)


class TestGroup:
    def test_four_sites_near_each_other_are_one_incident(
        self, session: Session, rule: Rule
    ) -> None:
        found = [service.group(session, alert_at(session, rule, i / 500)) for i in range(4)]
        assert found[:3] == [None, None, None]
        incident = found[3]
        assert incident is not None
        assert (incident.cause, incident.status) == (Cause.AREA, IncidentStatus.OPEN)
        assert len(queries.list_alerts(session, incident.id)) == 4
        fifth = service.group(session, alert_at(session, rule, 0.001))
        assert fifth is incident
        assert service.group(session, alert_at(session, rule, 1.0)) is None

    def test_parts_of_one_asset_are_one_incident(self, session: Session, rule: Rule) -> None:
        top = make_asset(session)
        first = alert_at(session, rule, 0, parent_id=top.id)
        second = alert_at(session, rule, 2, parent_id=top.id)
        assert service.group(session, first) is not None
        incident = service.group(session, second)
        assert incident is not None
        assert (incident.cause, incident.upstream_asset_id) == (Cause.UPSTREAM, top.id)

    def test_five_assets_of_one_model_are_one_incident(self, session: Session, rule: Rule) -> None:
        for step in range(5):
            alert_at(session, rule, step, model="HP-7")
        last = session.scalars(select(Alert).order_by(Alert.id.desc())).first()
        assert last is not None
        incident = service.group(session, last)
        assert incident is not None
        assert (incident.cause, incident.model) == (Cause.MODEL, "HP-7")

    def test_what_began_long_ago_does_not_count(self, session: Session, rule: Rule) -> None:
        for step in range(3):
            alert_at(session, rule, step / 500)
        clock.freeze(session, NOON + timedelta(hours=3))
        assert service.group(session, alert_at(session, rule, 0)) is None


class TestClose:
    def test_the_last_alert_ends_it(
        self, session: Session, rule: Rule, run_jobs: Callable[[], int]
    ) -> None:
        top = make_asset(session)
        both = [alert_at(session, rule, step, parent_id=top.id) for step in (0, 2)]
        service.group(session, both[0])
        incident = session.scalars(select(Incident)).one()
        for alert in both:
            alerts.end(session, alert.id, Disposition.SELF_CLEARED)
        run_jobs()
        session.refresh(incident)
        assert (incident.status, incident.closed_at) == (IncidentStatus.CLOSED, NOON)

    def test_its_page_has_members_and_a_chart(
        self, session: Session, rule: Rule, client: Client
    ) -> None:
        top = make_asset(session)
        both = [alert_at(session, rule, step, parent_id=top.id) for step in (0, 2)]
        service.group(session, both[0])
        office = client(call_agent())
        (listed,) = office.get("/api/incidents?status=open").json()["items"]
        assert (listed["alerts"], listed["moves"]) == (2, ["closed", "storm"])
        page = office.get(f"/api/incidents/{listed['id']}").json()
        assert len(page["members"]) == 2
        assert page["chart"][-1]["open_alerts"] == 2
        url = f"/api/incidents/{listed['id']}/close"
        assert office.post(url).status_code == 403
        assert client(dispatcher()).post(url).json()["status"] == "closed"


class TestTimers:
    def test_an_alert_that_nobody_takes_on_is_raised_twice(
        self, session: Session, rule: Rule, run_jobs: Callable[[], int]
    ) -> None:
        alert = make_alert(session, make_rule(session, severity=Severity.CRITICAL))
        alerts.escalate(session, alert.id, 1)
        assert alert.escalation_level == 1
        clock.freeze(session, NOON + timedelta(minutes=45))
        run_jobs()
        session.refresh(alert)
        assert alert.escalation_level == 2

    def test_one_that_somebody_has_is_not(self, session: Session) -> None:
        alert = make_alert(session)
        alerts.acknowledge(session, alert.id)
        alerts.escalate(session, alert.id, 1)
        assert alert.escalation_level == 0

    def test_an_alert_without_new_signs_ends_by_itself(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        alert = make_alert(session, make_rule(session, auto_clear_hours=6))
        alert.last_seen_at = NOON
        session.flush()
        alerts.expire(session, alert.id)
        assert alert.is_open
        clock.freeze(session, NOON + timedelta(hours=6))
        run_jobs()
        session.refresh(alert)
        assert alert.status is AlertStatus.CLEARED
