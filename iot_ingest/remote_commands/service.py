"""Every write on commands: ask for one, send what is due, take an answer, let the late expire."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from iot_ingest.devices.lifecycle import DeviceStatus
from iot_ingest.devices.models import Device
from iot_ingest.devices.queries import is_online
from iot_ingest.devices.topics import commands_topic
from iot_ingest.events import RemoteCommandAnswered, RemoteCommandExpired
from iot_ingest.remote_commands import queries
from iot_ingest.remote_commands.lifecycle import COMMAND, CommandStatus
from iot_ingest.remote_commands.models import RemoteCommand
from kernel import clock
from kernel.db import get, present_actor
from kernel.errors import Conflict
from kernel.events import publish

SEND_AGAIN_AFTER = timedelta(seconds=15)
MOST_AT_ONCE = 100


def ask(
    session: Session,
    device_id: UUID,
    name: str,
    arguments: dict[str, Any],
    *,
    requested_by: str,
    lifetime: timedelta = timedelta(minutes=10),
) -> RemoteCommand:
    """Have a device do something; ingest sends it within a second or two, again and again until
    the device answers or `lifetime` is over. RemoteCommandAnswered or RemoteCommandExpired follows.

    Raises NotFound, and Conflict `device_revoked`.
    """
    device = get(session, Device, device_id)
    if device.status is not DeviceStatus.ACTIVE:
        raise Conflict("This device has no access any more.", code="device_revoked")
    command = RemoteCommand(
        device_id=device_id,
        name=name,
        arguments=arguments,
        requested_by=requested_by,
        expires_at=clock.now(session) + lifetime,
    )
    session.add(command)
    session.flush()
    return command


def try_remote_fix(session: Session, device_id: UUID, command: str) -> bool:
    """Have a device that says it is online do something; False when it cannot be reached. One such
    command is under way at a time."""
    if not is_online(session, device_id):
        return False
    if not queries.has_open(session, device_id, command):
        ask(session, device_id, command, {}, requested_by=present_actor(session))
    return True


def send_due(session: Session) -> list[tuple[str, bytes]]:
    """(topic, payload) of each command that is to go out once this transaction has committed."""
    now = clock.real_now()
    outgoing = []
    for command, gateway_id, child in queries.lock_due(
        session, now - SEND_AGAIN_AFTER, MOST_AT_ONCE
    ):
        if command.status is CommandStatus.QUEUED:
            _move(command, CommandStatus.SENT)
        command.sent_at = now
        message = {"id": command.id, "name": command.name, "arguments": command.arguments}
        if child is not None:
            message["device"] = child
        topic = commands_topic(gateway_id or command.device_id)
        outgoing.append((topic, msgspec.json.encode(message)))
    session.flush()
    return outgoing


def take_answer(
    session: Session, sender_id: UUID, command_id: UUID, *, ok: bool, result: Any
) -> bool:
    """What a device says became of a command; False when it is none of this sender's. A repeated
    or late answer changes nothing."""
    command = queries.lock_answered(session, sender_id, command_id)
    if command is None:
        return False
    if command.status is CommandStatus.SENT:
        _move(command, CommandStatus.DONE if ok else CommandStatus.FAILED)
        command.answered_at, command.answer = clock.now(session), result
        session.flush()
        publish(
            session,
            RemoteCommandAnswered(command_id=command.id, device_id=command.device_id, ok=ok),
        )
    return True


def expire_overdue(session: Session) -> None:
    """Commands that nobody answered in time."""
    for command in queries.lock_overdue(session):
        _move(command, CommandStatus.EXPIRED)
        publish(session, RemoteCommandExpired(command_id=command.id, device_id=command.device_id))
    session.flush()


def _move(command: RemoteCommand, to: CommandStatus) -> None:
    COMMAND.check(command.status, to)
    command.status = to
