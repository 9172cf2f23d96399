"""The HTTP side: who may, what it answers, what it refuses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from iot_ingest.devices.models import Device
from iot_ingest.intake.service import ingest
from iot_ingest.outreach import service as outreach
from iot_ingest.outreach.lifecycle import CallReason
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.http import Reply
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.iot_ingest import (
    make_alert,
    make_device,
    make_device_with_token,
    make_rule,
    make_run,
)
from tests.factories.work_orders import make_work_type
from tests.principals import call_agent, dispatcher, principal

Client = Callable[..., ApiClient]
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOON)


def supervisor() -> Any:
    return principal("supervisor")


def bearer(client: Client, token: str) -> ApiClient:
    return client(None, Authorization=f"Bearer {token}")


def message(seq: int, value: object = 20.0) -> dict[str, Any]:
    reading = {"metric": "temperature", "ts": NOON.isoformat(), "value": value}
    return {"boot_id": "b1", "seq": seq, "readings": [reading]}


class TestDevices:
    def test_the_token_is_shown_once_and_works(self, session: Session, client: Client) -> None:
        asset = make_asset(session)
        body = {"asset_id": str(asset.id), "name": "Flow sensor"}
        made = client(dispatcher()).post("/api/devices", json=body)
        assert made.status_code == 201
        device, token = made.json()["device"], made.json()["token"]
        assert made.json()["mqtt_topic"] == f"devices/{device['id']}/readings"
        assert bearer(client, token).post("/api/ingest/readings", json=message(0)).is_success
        shown = client(dispatcher()).get(f"/api/devices/{device['id']}")
        assert shown.json()["online"] is True
        assert token not in shown.text
        stored = [*session.scalars(select(Device.token_hash)), *session.scalars(select(Reply.body))]
        assert all(token not in text for text in stored)

    def test_a_retried_registration_makes_one_device(
        self, session: Session, client: Client
    ) -> None:
        body = {"asset_id": str(make_asset(session).id), "name": "Flow sensor"}
        staff = client(dispatcher(), **{"Idempotency-Key": "k1"})
        first, again = (staff.post("/api/devices", json=body).json() for _ in range(2))
        assert first["device"]["id"] == again["device"]["id"]
        assert first["token"] != again["token"]
        assert (
            not bearer(client, first["token"])
            .post("/api/ingest/readings", json=message(0))
            .is_success
        )
        assert (
            bearer(client, again["token"]).post("/api/ingest/readings", json=message(0)).is_success
        )
        assert staff.post("/api/devices", json=body).json()["code"] == "device_in_use"

    def test_a_revoked_device_is_not_let_in(self, session: Session, client: Client) -> None:
        device, token = make_device_with_token(session)
        revoked = client(dispatcher()).post(f"/api/devices/{device.id}/revoke")
        assert revoked.json()["status"] == "revoked"
        answer = bearer(client, token).post("/api/ingest/readings", json=message(0))
        assert (answer.status_code, answer.json()["code"]) == (401, "device_token_invalid")

    def test_lists_the_devices_of_an_asset(self, session: Session, client: Client) -> None:
        device = make_device(session)
        make_device(session)
        found = client(call_agent()).get(f"/api/devices?asset_id={device.asset_id}").json()
        assert [item["id"] for item in found["items"]] == [str(device.id)]

    def test_finds_devices_by_their_asset(self, session: Session, client: Client) -> None:
        device = make_device(session)
        shown = client(call_agent()).get(f"/api/devices/{device.id}").json()
        found = client(call_agent()).get("/api/devices", params={"q": shown["asset_name"].upper()})
        assert str(device.id) in [item["id"] for item in found.json()["items"]]
        assert client(call_agent()).get("/api/devices?q=100%25").json()["items"] == []

    @pytest.mark.parametrize("role", ["customer", "technician", "freelancer", "call_agent"])
    def test_others_register_nothing(self, session: Session, client: Client, role: str) -> None:
        body = {"asset_id": str(make_asset(session).id), "name": "x"}
        assert client(principal(role)).post("/api/devices", json=body).status_code == 403


class TestIngestReadings:
    def test_takes_one_message_or_many(self, session: Session, client: Client) -> None:
        _, token = make_device_with_token(session)
        device = bearer(client, token)
        one = device.post("/api/ingest/readings", json=message(0))
        assert one.json() == {
            "boot_id": "b1",
            "highest_seq": 0,
            "accepted": 1,
            "dropped": {},
            "marked": {},
        }
        batch = {"messages": [message(1, "hot"), message(2), message(4)]}
        many = device.post("/api/ingest/readings", json=batch).json()
        assert many["highest_seq"] == 2
        assert many["dropped"] == {"not_a_number": 1, "duplicate_reading": 2}

    def test_a_retry_changes_nothing(self, session: Session, client: Client) -> None:
        _, token = make_device_with_token(session)
        first, again = (
            bearer(client, token).post("/api/ingest/readings", json=message(0)).json()
            for _ in range(2)
        )
        assert (first["accepted"], again["accepted"]) == (1, 0)
        assert first["highest_seq"] == again["highest_seq"] == 0

    def test_takes_the_nan_of_a_c_library(self, session: Session, client: Client) -> None:
        _, token = make_device_with_token(session)
        body = '{"boot_id":"b","seq":0,"readings":[{"metric":"a","value":NaN}]}'
        headers = {"Content-Type": "application/json"}
        answer = bearer(client, token).post("/api/ingest/readings", content=body, headers=headers)
        assert answer.json()["dropped"] == {"not_a_number": 1}

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"readings": [], "messages": []},
            {"seq": 1, "readings": []},
            {"boot_id": "", "seq": 1, "readings": []},
            {"boot_id": "\x00", "seq": 1, "readings": []},
            {"boot_id": "b", "seq": 2**63, "readings": []},
            {"messages": [{"boot_id": "b", "readings": []}]},
        ],
    )
    def test_refuses_another_shape(
        self, session: Session, client: Client, body: dict[str, Any]
    ) -> None:
        _, token = make_device_with_token(session)
        answer = bearer(client, token).post("/api/ingest/readings", json=body)
        assert answer.status_code == 422

    def test_refuses_everybody_but_devices(self, session: Session, client: Client) -> None:
        for who in (client(), client(dispatcher()), bearer(client, "ffd_guess")):
            assert who.post("/api/ingest/readings", json=message(0)).status_code == 401


class TestRules:
    def body(self, session: Session, **over: Any) -> dict[str, Any]:
        code = make_work_type(session).code
        return {
            "name": "Too hot",
            "metric": "temperature",
            "threshold": 80,
            "clear_threshold": 70,
            "fault_class": "overheating",
            "work_type_code": code,
            **over,
        }

    def test_a_supervisor_defines_and_changes_one(self, session: Session, client: Client) -> None:
        staff = client(supervisor())
        made = staff.post("/api/rules", json=self.body(session))
        assert made.status_code == 201
        url = f"/api/rules/{made.json()['id']}"
        changed = staff.patch(
            url, json={"threshold": 85}, headers={"If-Match": made.headers["ETag"]}
        )
        assert (changed.json()["threshold"], changed.json()["clear_threshold"]) == (85, 70)
        stale = staff.patch(url, json={"threshold": 9}, headers={"If-Match": made.headers["ETag"]})
        assert stale.status_code == 412
        assert staff.get("/api/rules?active=true").json()["items"][0]["id"] == made.json()["id"]

    @pytest.mark.parametrize(
        ("over", "code"),
        [
            ({"clear_threshold": 90}, "thresholds_contradict"),
            ({"op": "lt", "clear_threshold": 70}, "thresholds_contradict"),
            ({"danger": "gas", "no_answer": "close"}, "danger_never_closes"),
            ({"work_type_code": "nothing"}, "unknown_work_type"),
            ({"metric": "Bad Name"}, "malformed"),
            ({"repeat_times": 3}, "thresholds_contradict"),
            ({"measure": "rate"}, "thresholds_contradict"),
            ({"measure": "model"}, "model_name_missing"),
            ({"hours": {"days": [0], "start": "8", "end": "9", "time_zone": "UTC"}}, "malformed"),
            ({"duration_seconds": -1}, "malformed"),
        ],
    )
    def test_refuses_a_rule_that_cannot_work(
        self, session: Session, client: Client, over: dict[str, Any], code: str
    ) -> None:
        answer = client(supervisor()).post("/api/rules", json=self.body(session, **over))
        assert (answer.status_code, answer.json()["code"]) == (422, code)

    def test_a_dispatcher_only_reads(self, session: Session, client: Client) -> None:
        staff = client(dispatcher())
        assert staff.post("/api/rules", json=self.body(session)).status_code == 403
        assert staff.get("/api/rules").is_success

    def test_a_changed_threshold_forgets_the_count(self, session: Session, client: Client) -> None:
        rule = make_rule(session)
        device = make_device(session)
        ingest(session, make_run(device, 0, NOON - timedelta(minutes=10), [90.0, 90.0]))
        client(supervisor()).patch(
            f"/api/rules/{rule.id}", json={"threshold": 85}, headers={"If-Match": "1"}
        )
        ingest(session, make_run(device, 2, NOON, [90.0]))
        assert client(dispatcher()).get("/api/alerts").json()["items"] == []
        assert session.scalars(select(Rule.threshold)).one() == 85


class TestDryRun:
    def test_says_when_the_rule_would_have_fired(self, session: Session, client: Client) -> None:
        device = make_device(session)
        values = [90.0, 90.0, 90.0, 60.0] * 3
        ingest(session, make_run(device, 0, NOON - timedelta(hours=2), values))
        rule = TestRules().body(session, duration_seconds=600, model=None)
        body = {"rule": rule, "days": 30}
        told = client(dispatcher()).post("/api/rules/dry-run", json=body).json()
        assert (told["times"], told["assets"], told["readings"]) == (3, 1, 12)
        assert told["words"]["en"] == "Would have fired 3 times on 1 assets in the last 30 days."
        times = [datetime.fromisoformat(e["fired_at"]) for e in told["episodes"]]
        assert times == [NOON + timedelta(minutes=m) for m in (-110, -90, -70)]
        assert told["is_complete"]
        assert client(dispatcher()).get("/api/rules").json()["items"] == []

    def test_a_model_is_tried_elsewhere(self, session: Session, client: Client) -> None:
        rule = TestRules().body(session, measure="model", model_name="m")
        answer = client(dispatcher()).post("/api/rules/dry-run", json={"rule": rule})
        assert answer.json()["code"] == "model_judges"


class TestAlerts:
    def test_the_office_sees_and_moves_alerts(self, session: Session, client: Client) -> None:
        alert = make_alert(session)
        staff = client(call_agent())
        listed = staff.get("/api/alerts?status=active").json()["items"]
        assert [item["id"] for item in listed] == [str(alert.id)]
        assert listed[0]["moves"] == ["acknowledged", "cleared", "snoozed"]
        url = f"/api/alerts/{alert.id}"
        assert staff.post(f"{url}/acknowledge").json()["status"] == "acknowledged"
        until = (NOON + timedelta(hours=4)).isoformat()
        assert staff.post(f"{url}/snooze", json={"until": until}).json()["status"] == "snoozed"
        cleared = staff.post(f"{url}/clear", json={"disposition": "duplicate", "note": "see 4"})
        assert cleared.json()["disposition"] == "duplicate"
        again = staff.post(f"{url}/acknowledge")
        assert (again.status_code, again.json()["code"]) == (409, "illegal_move")
        assert staff.get("/api/alerts?status=active").json()["items"] == []
        assert staff.get(url).json()["status"] == "cleared"

    def test_says_what_waiting_costs_before_and_after_there_is_an_order(
        self, session: Session, client: Client
    ) -> None:
        alert = make_alert(session)
        staff = client(dispatcher())
        url = f"/api/alerts/{alert.id}"
        told = staff.get(url).json()
        assert datetime.fromisoformat(told["due_at"]) == NOON + timedelta(hours=48)
        assert (told["delay_cost_cents_per_day"], told["currency"]) == (3000, "EUR")
        order_id = staff.post(f"{url}/work-order").json()["work_order_id"]
        order = staff.get(f"/api/work-orders/{order_id}").json()
        assert staff.get(url).json()["work_order_number"] == order["number"]

    @pytest.mark.parametrize("role", ["customer", "technician", "freelancer", "parts"])
    def test_others_do_not(self, session: Session, client: Client, role: str) -> None:
        url = f"/api/alerts/{make_alert(session).id}"
        assert client(principal(role)).get("/api/alerts").status_code == 403
        assert client(principal(role)).post(f"{url}/acknowledge").status_code == 403

    def test_an_unknown_alert_is_not_found(self, client: Client) -> None:
        assert client(dispatcher()).get(f"/api/alerts/{uuid4()}").status_code == 404


class TestEvidence:
    def test_gives_the_reason_in_words_and_a_chart_with_its_limits(
        self, session: Session, client: Client
    ) -> None:
        make_rule(session)
        device = make_device(session)
        ingest(session, make_run(device, 0, NOON - timedelta(minutes=20), [60.0, 90.0, 91.0, 92.0]))
        staff = client(call_agent())
        (alert,) = staff.get("/api/alerts").json()["items"]
        told = staff.get(f"/api/alerts/{alert['id']}/evidence").json()
        assert told["words"] == {
            "en": "Temperature was 92, above 80 for at least 10 min.",
            "de": "Temperature war 92, über 80 seit mindestens 10 min.",
        }
        assert [point["value"] for point in told["points"]] == [60.0, 90.0, 91.0, 92.0]
        assert (told["limit"], told["clear_limit"]) == (80.0, 70.0)


class TestCallTasks:
    def test_a_call_is_done_once(self, session: Session, client: Client) -> None:
        rule = make_rule(session)
        alert = make_alert(session, rule)
        about = CallReason.NO_ANSWER
        outreach.call(session, alert, {"en": "Look again", "de": "Noch einmal"}, about)
        outreach.call(session, alert, {"en": "Nobody answers", "de": "Niemand antwortet"}, about)
        staff = client(call_agent())
        (task,) = staff.get("/api/call-tasks").json()["items"]
        assert (task["reason"], task["words"]["de"]) == ("Nobody answers", "Niemand antwortet")
        assert task["customer_name"]
        elsewhere = staff.get(f"/api/call-tasks?territory_id={alert.asset_id}")
        assert elsewhere.json()["items"] == []
        for _ in range(2):
            done = staff.post(f"/api/call-tasks/{task['id']}/done", json={"note": "agreed"})
            assert done.json()["note"] == "agreed"
        assert staff.get("/api/call-tasks").json()["items"] == []
        assert len(staff.get("/api/call-tasks?done=true").json()["items"]) == 1


class TestReadings:
    def test_gives_a_chart_its_points(self, session: Session, client: Client) -> None:
        device = make_device(session)
        ingest(session, make_run(device, 0, NOON - timedelta(hours=2), [20.0, 21.0, 22.0]))
        url = f"/api/assets/{device.asset_id}"
        found = client(dispatcher()).get(f"{url}/readings?metric=temperature&hours=3").json()
        assert [point["value"] for point in found["points"]] == [20.0, 21.0, 22.0]
        assert client(dispatcher()).get(f"{url}/metrics").json()["metrics"] == ["temperature"]

    def test_thins_out_long_stretches_and_keeps_the_extremes(
        self, session: Session, client: Client
    ) -> None:
        device = make_device(session)
        values = [20.0] * 199 + [99.0]
        ingest(session, make_run(device, 0, NOON - timedelta(minutes=200), values, minutes=1))
        url = f"/api/assets/{device.asset_id}/readings?metric=temperature&hours=9600"
        points = client(dispatcher()).get(url).json()["points"]
        assert len(points) <= 2
        assert max(point["highest"] for point in points) == 99.0

    def test_an_unknown_asset_is_not_found(self, client: Client) -> None:
        answer = client(dispatcher()).get(f"/api/assets/{uuid4()}/readings?metric=a")
        assert answer.status_code == 404
