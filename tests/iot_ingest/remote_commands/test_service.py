"""Commands to devices: sent until answered, answered by their device only, given up in time."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from iot_ingest.broker.connection import Delivery
from iot_ingest.devices import service as devices
from iot_ingest.devices.models import Device
from iot_ingest.inbound import read
from iot_ingest.intake.service import Outcome, ingest
from iot_ingest.readings.quality import Drop
from iot_ingest.remote_commands import service
from iot_ingest.remote_commands.lifecycle import COMMAND, OPEN, CommandStatus
from iot_ingest.remote_commands.models import RemoteCommand
from kernel import clock
from kernel.errors import Conflict
from tests.factories.iot_ingest import make_device


def ask(session: Session, device: Device) -> RemoteCommand:
    return service.ask(session, device.id, "restart", {"in_seconds": 3}, requested_by="staff:x")


def answer(session: Session, device: Device, command: RemoteCommand, *, ok: bool) -> Outcome:
    payload = json.dumps({"id": str(command.id), "ok": ok, "result": {"uptime": 1}}).encode()
    said = Delivery(1, f"devices/{device.id}/commands/answers", payload)
    return ingest(session, read(session, [said], is_proven=True).incoming)


class TestLifecycle:
    def test_ends_are_final(self) -> None:
        for end in set(CommandStatus) - OPEN:
            assert not COMMAND.moves.get(end)


class TestAsk:
    def test_refuses_a_revoked_device(self, session: Session) -> None:
        device = make_device(session)
        devices.revoke(session, device.id)
        with pytest.raises(Conflict):
            ask(session, device)


class TestSendDue:
    def test_sends_again_only_after_a_while(self, session: Session) -> None:
        device = make_device(session)
        command = ask(session, device)
        ((topic, payload),) = service.send_due(session)
        assert topic == f"devices/{device.id}/commands"
        assert json.loads(payload) == {
            "id": str(command.id),
            "name": "restart",
            "arguments": {"in_seconds": 3},
        }
        assert service.send_due(session) == []
        assert command.sent_at is not None
        command.sent_at -= timedelta(minutes=1)
        session.flush()
        assert len(service.send_due(session)) == 1

    def test_who_never_answers_holds_nobody_up_and_who_is_revoked_is_told_nothing(
        self, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(service, "MOST_AT_ONCE", 2)
        silent, other, revoked = (make_device(session) for _ in range(3))
        for _ in range(3):
            command = ask(session, silent)
            service.send_due(session)
            assert command.sent_at is not None
            command.sent_at -= timedelta(minutes=1)
        ask(session, revoked)
        devices.revoke(session, revoked.id)
        new = ask(session, other)
        sent = [json.loads(payload)["id"] for _, payload in service.send_due(session)]
        assert sent[0] == str(new.id)
        assert len(sent) == 2

    def test_goes_to_the_gateway_under_the_name_it_knows(self, session: Session) -> None:
        gateway = make_device(session)
        device = make_device(session, gateway_id=gateway.id, gateway_name="Boiler 1")
        ask(session, device)
        ((topic, payload),) = service.send_due(session)
        assert topic == f"devices/{gateway.id}/commands"
        assert json.loads(payload)["device"] == "Boiler 1"


class TestTryRemoteFix:
    def test_only_a_device_that_says_it_is_there_is_told_and_once(self, session: Session) -> None:
        device = make_device(session)
        assert not service.try_remote_fix(session, device.id, "restart")
        said = Delivery(1, f"devices/{device.id}/status", b'{"online": true}')
        ingest(session, read(session, [said], is_proven=True).incoming)
        assert service.try_remote_fix(session, device.id, "restart")
        assert service.try_remote_fix(session, device.id, "restart")
        assert len(service.send_due(session)) == 1


class TestTakeAnswer:
    @pytest.mark.parametrize("ok", [True, False])
    def test_the_device_says_what_became_of_it_once(self, session: Session, ok: bool) -> None:
        device = make_device(session)
        command = ask(session, device)
        service.send_due(session)
        assert answer(session, device, command, ok=ok).dropped == {}
        assert command.status is (CommandStatus.DONE if ok else CommandStatus.FAILED)
        assert command.answer == {"uptime": 1}
        assert answer(session, device, command, ok=not ok).dropped == {}
        assert command.status is (CommandStatus.DONE if ok else CommandStatus.FAILED)

    def test_nobody_answers_for_another(self, session: Session) -> None:
        device, stranger = make_device(session), make_device(session)
        command = ask(session, device)
        service.send_due(session)
        outcome = answer(session, stranger, command, ok=True)
        assert outcome.dropped == {Drop.UNKNOWN_COMMAND: 1}
        assert command.status is CommandStatus.SENT
        assert not service.take_answer(session, device.id, uuid4(), ok=True, result=None)


class TestExpireOverdue:
    def test_gives_up_what_nobody_answered(self, session: Session) -> None:
        device = make_device(session)
        command = ask(session, device)
        clock.freeze(session, clock.now(session) + timedelta(minutes=11))
        assert service.send_due(session) == []
        service.expire_overdue(session)
        assert command.status is CommandStatus.EXPIRED
