"""I13: a refused command is explained and never blocks the commands behind it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from kernel import clock
from tests import principals
from tests.client import ApiClient
from tests.factories.technicians import make_technician
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HTTP_OK = 200


@pytest.fixture
def technician(session: Session) -> Technician:
    clock.freeze(session, NOW)
    return make_technician(session)


@pytest.fixture
def phone(client: Callable[..., ApiClient], technician: Technician) -> ApiClient:
    return client(principals.technician_principal(technician))


def duty(seq: int) -> dict[str, Any]:
    return {
        "seq": seq,
        "id": f"c{seq}",
        "kind": "duty",
        "at": "2026-03-02T09:00:00Z",
        "payload": {"on_duty": seq % 2 == 0},
    }


def send(phone: ApiClient, commands: list[Any], device_id: Any = None) -> dict[str, Any]:
    body = {"device_id": str(device_id or uuid4()), "commands": commands}
    # Escaped by hand, because a phone can send what a careful client would not.
    reply = phone.post(
        "/api/technician/commands",
        content=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )
    assert reply.status_code == HTTP_OK, reply.text
    told: dict[str, Any] = reply.json()
    return told


def test_one_poison_in_500(session: Session, phone: ApiClient, technician: Technician) -> None:
    commands = [duty(seq) for seq in range(1, 501)]
    commands[249] = {**duty(250), "kind": "move", "visit_id": str(make_visit(session).id)}
    commands[249]["payload"] = {"to": "completed"}
    told = send(phone, commands)
    statuses = [result["status"] for result in told["results"]]
    assert (statuses.count("applied"), statuses.count("refused")) == (499, 1)
    assert told["results"][249]["code"] == "not_found"
    assert told["results"][249]["message"]
    assert told["highest_seq"] == 500
    assert technician.on_duty


POISONS: dict[str, dict[str, Any]] = {
    "unknown kind": {"kind": "dance"},
    "no kind": {"kind": None},
    "no payload": {"kind": "duty", "payload": None},
    "wrong payload": {"kind": "duty", "payload": {"on_duty": "perhaps"}},
    "payload of another kind": {"kind": "duty", "payload": {"latitude": 1}},
    "no id": {"id": None},
    "long id": {"id": "x" * 1000},
    "visit that is no id": {"kind": "move", "visit_id": "tomorrow", "payload": {"to": "on_site"}},
    "visit that does not exist": {
        "kind": "move",
        "visit_id": str(uuid4()),
        "payload": {"to": "on_site"},
    },
    "state that does not exist": {
        "kind": "move",
        "visit_id": str(uuid4()),
        "payload": {"to": "dancing"},
    },
    "offer that does not exist": {"kind": "offer_accept", "payload": {"offer_id": str(uuid4())}},
    "offer that is no id": {"kind": "offer_decline", "payload": {"offer_id": 7}},
    "NUL in a text": {
        "kind": "absence",
        "payload": {
            "starts_at": "2026-03-02T09:00:00Z",
            "ends_at": "2026-03-03T09:00:00Z",
            "kind": "other",
            "reason": "a\u0000b",
        },
    },
    "half a character": {"kind": "dance\ud800"},
    "time before any": {
        "kind": "absence",
        "payload": {
            "starts_at": "0001-01-01T00:00:00Z",
            "ends_at": "9999-12-31T23:59:59-12:00",
            "kind": "other",
        },
    },
    "wrong order of time": {
        "kind": "absence",
        "payload": {
            "starts_at": "2026-03-03T09:00:00Z",
            "ends_at": "2026-03-02T09:00:00Z",
            "kind": "other",
        },
    },
    "clock out of range": {"kind": "dance", "at": "9999-12-31T23:59:59-12:00"},
}


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS.keys())
class TestEachPoison:
    def test_the_commands_around_it_are_applied(
        self, phone: ApiClient, poison: dict[str, Any]
    ) -> None:
        told = send(phone, [duty(1), {**duty(2), **poison}, duty(3)])
        statuses = [result["status"] for result in told["results"]]
        assert statuses == ["applied", "refused", "applied"]
        assert told["results"][1]["code"]
        assert told["results"][1]["message"]

    def test_it_is_refused_in_the_same_way_again(
        self, phone: ApiClient, poison: dict[str, Any]
    ) -> None:
        device_id = uuid4()
        commands = [duty(1), {**duty(2), **poison}]
        first, again = (send(phone, commands, device_id)["results"][1] for _ in range(2))
        assert first["status"] == "refused"
        assert (again["outcome"], again["code"]) == ("refused", first["code"])


@pytest.mark.parametrize("raw", [None, 7, "seven", [], {}, {"seq": "1"}, {"seq": 0}, {"seq": True}])
def test_what_has_no_place_in_the_queue_is_refused_by_itself(phone: ApiClient, raw: Any) -> None:
    told = send(phone, [raw, duty(1)])
    assert sorted(result["status"] for result in told["results"]) == ["applied", "refused"]
    assert told["highest_seq"] == 1


def test_a_failed_move_leaves_nothing_behind(
    session: Session, phone: ApiClient, technician: Technician
) -> None:
    visit = make_visit(session)
    command = {**duty(1), "kind": "move", "visit_id": str(visit.id)}
    command["payload"] = {"to": "en_route", "report": {"x": 1}}
    send(phone, [command])
    session.refresh(visit)
    assert (visit.status, visit.report) == (VisitStatus.UNSCHEDULED, None)
