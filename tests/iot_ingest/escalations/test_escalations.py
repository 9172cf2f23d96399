"""What nobody saw to, and what lost its trust, reaches people and the inbox."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.messaging.lifecycle import Channel
from dispatch.messaging.models import Message
from dispatch.territories.models import Territory
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import attention
from iot_ingest.alerts.models import Alert
from iot_ingest.escalations import queries, service
from iot_ingest.escalations.models import Escalation
from iot_ingest.rules import service as rules
from iot_ingest.rules.lifecycle import Severity
from kernel import clock
from tests.client import ApiClient
from tests.factories.accounts import make_account
from tests.factories.iot_ingest import make_alert, make_rule
from tests.factories.marketplace import make_rota
from tests.factories.technicians import make_technician
from tests.principals import dispatcher

Client = Callable[..., ApiClient]
RunJobs = Callable[[], int]
MONDAY = datetime.fromisoformat("2026-11-23T09:00:00+01:00")
REASON = {
    "verdicts": 20,
    "true_faults": 2,
    "precision": 0.1,
    "low": 0.03,
    "high": 0.3,
    "floor": 0.5,
}
SUPERVISING = {"name": "Ada", "roles": ["supervisor"]}


@pytest.fixture(autouse=True)
def monday(session: Session) -> None:
    clock.freeze(session, MONDAY)


def unattended(session: Session, run_jobs: RunJobs, level: int = 1, **rule: object) -> Alert:
    alert = make_alert(session, make_rule(session, **rule))
    for reached in range(1, level + 1):
        waited = attention(alert.severity, alert.danger)[reached - 1]
        clock.freeze(session, MONDAY + waited)
        alerts.escalate(session, alert.id, reached)
        run_jobs()
    return alert


def letters(session: Session, template: str) -> list[Message]:
    found = select(Message).where(Message.template == template).order_by(Message.id)
    return list(session.scalars(found))


def inbox(client: Client, **query: object) -> list[dict[str, object]]:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    found: list[dict[str, object]] = (
        client(dispatcher()).get(f"/api/escalations?{asked}").json()["items"]
    )
    return found


class TestAlert:
    def test_dispatchers_are_written_to_and_the_inbox_tells_of_it(
        self, session: Session, client: Client, run_jobs: RunJobs
    ) -> None:
        account = make_account(session, locale="de")
        make_account(session, **SUPERVISING)
        alert = unattended(session, run_jobs)
        (letter,) = letters(session, "alert_unattended")
        assert (letter.account_id, letter.alert_id) == (account.id, alert.id)
        assert "niemand" in letter.text
        assert str(alert.id) in (letter.link or "")
        (shown,) = inbox(client, territory_id=alert.territory_id)
        assert (shown["alert_id"], shown["level"], shown["told"]) == (str(alert.id), 1, 1)
        assert inbox(client, territory_id=alert.id) == []

    def test_the_next_level_tells_supervisors_too_and_stays_one_entry(
        self, session: Session, client: Client, run_jobs: RunJobs
    ) -> None:
        make_account(session)
        make_account(session, **SUPERVISING)
        alert = unattended(session, run_jobs, level=2)
        service.raise_alert(session, alert.id, 2)
        assert len(letters(session, "alert_unattended")) == 1 + 2
        (shown,) = inbox(client)
        assert shown["level"] == 2

    def test_what_presses_goes_to_phones(self, session: Session, run_jobs: RunJobs) -> None:
        make_account(session, phone="+4915112345678")
        unattended(session, run_jobs, severity=Severity.CRITICAL)
        assert [one.channel for one in letters(session, "alert_unattended")] == [Channel.SMS]

    def test_without_dispatchers_somebody_else_hears_of_it(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        account = make_account(session, **SUPERVISING)
        unattended(session, run_jobs)
        assert [one.account_id for one in letters(session, "alert_unattended")] == [account.id]

    def test_taking_it_on_empties_the_inbox(
        self, session: Session, client: Client, run_jobs: RunJobs
    ) -> None:
        alert = unattended(session, run_jobs)
        alerts.acknowledge(session, alert.id)
        assert inbox(client) == []
        assert service.raise_alert(session, alert.id, 2) is None

    def test_settling_twice_is_once(
        self, session: Session, client: Client, run_jobs: RunJobs
    ) -> None:
        unattended(session, run_jobs)
        (shown,) = inbox(client)
        for _ in range(2):
            said = client(dispatcher()).post(f"/api/escalations/{shown['id']}/settle")
            assert said.json()["version"] == 2
        assert inbox(client) == []


class TestOnCall:
    def test_outside_hours_who_is_on_call_hears_of_it(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        alert = make_alert(session)
        territory = session.get_one(Territory, alert.territory_id)
        technician = make_technician(session, territory)
        make_rota(session, technician)
        assert queries.on_duty(session, alert.territory_id, MONDAY) == [technician.id]
        alerts.escalate(session, alert.id, 1)
        run_jobs()
        assert len(letters(session, "alert_on_call")) == 1


class TestRule:
    def test_those_who_may_act_are_told_why_a_rule_was_demoted(
        self, session: Session, client: Client, run_jobs: RunJobs
    ) -> None:
        make_account(session, roles=["admin"], locale="de")
        rule = make_rule(session)
        rules.demote(session, rule, {"code": "low_precision", **REASON})
        run_jobs()
        (letter,) = letters(session, "rule_demoted")
        assert "2 von 20 Meldungen" in letter.text
        (shown,) = inbox(client)
        assert (shown["rule_id"], shown["kind"]) == (str(rule.id), "rule_demoted")
        assert service.raise_rule(session, rule.id) is None
        assert len(session.scalars(select(Escalation)).all()) == 1

    def test_one_that_is_trusted_again_waits_for_nobody(
        self, session: Session, client: Client, run_jobs: RunJobs
    ) -> None:
        rule = make_rule(session)
        rules.demote(session, rule, {"code": "low_precision", **REASON})
        run_jobs()
        rules.trust(session, rule.id)
        assert inbox(client) == []
