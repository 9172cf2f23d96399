"""Silences, maintenance windows and inhibitions."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.messaging.models import Message
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import Disposition, QuietReason
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import service as decisions
from iot_ingest.rules.lifecycle import Danger
from iot_ingest.silences import service
from iot_ingest.silences.lifecycle import Reach, SilenceKind
from kernel import clock
from kernel.errors import Invalid
from tests.client import ApiClient
from tests.factories.iot_ingest import make_alert, make_device, make_rule
from tests.principals import call_agent, dispatcher

Client = Callable[..., ApiClient]
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
WINDOW = {"starts_at": NOON - timedelta(hours=1), "ends_at": NOON + timedelta(hours=1)}


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOON)


def messages(session: Session) -> int:
    return session.query(Message).count()


def maintenance(session: Session, alert: Alert, **over: object) -> None:
    told = {
        "kind": SilenceKind.MAINTENANCE,
        "asset_id": alert.asset_id,
        "reason": "yearly service",
        **WINDOW,
        **over,
    }
    service.silence(session, told)


class TestKeepQuiet:
    def test_an_alert_in_a_maintenance_window_is_decided_when_it_ends(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        alert = make_alert(session)
        maintenance(session, alert)
        decisions.decide(session, alert.id)
        assert (alert.quiet_reason, messages(session)) == (QuietReason.MAINTENANCE, 0)
        clock.freeze(session, NOON + timedelta(hours=1))
        run_jobs()
        session.refresh(alert)
        assert (alert.quiet_reason, messages(session)) == (None, 1)

    def test_one_that_went_away_meanwhile_says_nothing(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        alert = make_alert(session)
        maintenance(session, alert)
        decisions.decide(session, alert.id)
        alerts.end(session, alert.id, Disposition.SELF_CLEARED)
        clock.freeze(session, NOON + timedelta(hours=1))
        run_jobs()
        assert messages(session) == 0

    def test_everything_named_must_match(self, session: Session) -> None:
        alert = make_alert(session)
        maintenance(session, alert, fault_class="noise")
        decisions.decide(session, alert.id)
        assert alert.quiet_reason is None

    def test_danger_is_never_quiet(self, session: Session) -> None:
        alert = make_alert(session, make_rule(session, danger=Danger.GAS))
        maintenance(session, alert)
        decisions.decide(session, alert.id)
        assert alert.work_order_id is not None


class TestInhibit:
    def test_what_the_upstream_explains_waits_for_its_end(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        service.inhibit(
            session,
            {
                "source_fault_class": "power",
                "target_fault_class": "overheating",
                "reach": Reach.PARENT_ASSET,
            },
        )
        upstream = make_alert(session, make_rule(session, fault_class="power"))
        alert = make_alert(session)
        session.get_one(Asset, alert.asset_id).parent_id = upstream.asset_id
        session.flush()
        decisions.decide(session, alert.id)
        assert alert.inhibited_by == upstream.id
        assert messages(session) == 0
        alerts.end(session, upstream.id, Disposition.SELF_CLEARED)
        run_jobs()
        session.refresh(alert)
        assert (alert.inhibited_by, messages(session)) == (None, 1)

    def test_two_alerts_never_wait_for_each_other(self, session: Session) -> None:
        for source, target in (("power", "overheating"), ("overheating", "power")):
            told = {"source_fault_class": source, "target_fault_class": target}
            service.inhibit(session, {**told, "reach": Reach.SAME_ASSET})
        device = make_device(session)
        first = make_alert(session, make_rule(session, fault_class="power"), device=device)
        decisions.decide(session, first.id)
        second = make_alert(session, make_rule(session), device=device)
        decisions.decide(session, second.id)
        decisions.decide(session, first.id)
        assert (first.inhibited_by, second.inhibited_by) == (None, first.id)


class TestSilence:
    def test_must_name_something_and_end(self, session: Session) -> None:
        silent = {"kind": SilenceKind.SILENCE, "reason": "x", **WINDOW}
        with pytest.raises(Invalid):
            service.silence(session, silent)
        with pytest.raises(Invalid):
            service.silence(
                session, {**silent, "model": "m", "ends_at": NOON + timedelta(days=100)}
            )

    def test_ended_early_lets_alerts_speak(
        self, session: Session, client: Client, run_jobs: Callable[[], int]
    ) -> None:
        alert = make_alert(session, device=make_device(session))
        body = {
            "asset_id": str(alert.asset_id),
            "reason": "noise",
            **{name: moment.isoformat() for name, moment in WINDOW.items()},
        }
        assert client(call_agent()).post("/api/silences", json=body).status_code == 403
        planner = client(dispatcher())
        made = planner.post("/api/silences", json=body).json()
        decisions.decide(session, alert.id)
        assert messages(session) == 0
        for _ in range(2):
            assert planner.post(f"/api/silences/{made['id']}/end").is_success
        run_jobs()
        assert messages(session) == 1
        assert planner.get("/api/silences").json()["items"] == []
