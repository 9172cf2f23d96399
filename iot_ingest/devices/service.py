"""Every write on devices: register, revoke, and the note of when they were heard."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from iot_ingest.devices import queries
from iot_ingest.devices.lifecycle import DEVICE, DeviceStatus
from iot_ingest.devices.models import Device, DeviceContact
from iot_ingest.devices.tokens import hash_token, make_token, mosquitto_hash
from iot_ingest.events import DevicePresenceChanged
from kernel.db import get, locked
from kernel.errors import Conflict
from kernel.events import publish


@dataclass(frozen=True, slots=True)
class Heard:
    """The latest message of one device in a batch, how many came in this minute so far, and what
    the quality gate remembers now (None: as before)."""

    boot_id: str | None
    seq: int | None
    minute_messages: int
    habits: str | None = None


class Contact(NamedTuple):
    """What is known of a device's presence, its use of the present minute, and its metrics."""

    online: bool | None
    minute: int | None
    minute_messages: int
    habits: str | None


def register_device(
    session: Session,
    asset_id: UUID,
    *,
    name: str,
    kind: str = "sensor",
    external_id: str | None = None,
    request_key: str | None = None,
    gateway_id: UUID | None = None,
    gateway_name: str | None = None,
    messages_per_minute: int = 6_000,
) -> tuple[Device, str]:
    """A new device and its token, which nobody can read again. Raises NotFound (asset, gateway),
    Conflict `gateway_name_taken`.

    Replies with secrets are not kept for retries: the retry of a `request_key` gives the same
    device a new token. Raises Conflict `device_in_use` when the device has spoken meanwhile.
    """
    queries.ensure_asset(session, asset_id)
    if gateway_id is not None:
        get(session, Device, gateway_id)
    token = make_token()
    key = hash_token(request_key) if request_key else None
    found = queries.find_by_request_key(session, key) if key else None
    if found is not None:
        if queries.has_spoken(session, found.id):
            raise Conflict("This registration is done; the device is in use.", code="device_in_use")
        found.token_hash, found.mqtt_hash = hash_token(token), mosquitto_hash(token)
        session.flush()
        return found, token
    if gateway_id and gateway_name:
        _ensure_free(session, gateway_id, gateway_name)
    device = Device(
        asset_id=asset_id,
        name=name,
        kind=kind,
        external_id=external_id,
        token_hash=hash_token(token),
        mqtt_hash=mosquitto_hash(token),
        request_key=key,
        gateway_id=gateway_id,
        gateway_name=gateway_name,
        messages_per_minute=messages_per_minute,
    )
    session.add(device)
    session.flush()
    session.add(DeviceContact(device_id=device.id))
    session.flush()
    return device, token


def revoke(session: Session, device_id: UUID) -> Device:
    """From now on nothing this device sends is taken. Revoking twice changes nothing."""
    (device,) = locked(session, Device, [device_id])
    if device.status is not DeviceStatus.REVOKED:
        DEVICE.check(device.status, DeviceStatus.REVOKED)
        device.status = DeviceStatus.REVOKED
        session.flush()
    return device


def lock_contacts(session: Session, device_ids: Collection[UUID]) -> dict[UUID, Contact]:
    """Take the devices for this transaction, in id order: their batches follow one another."""
    rows = session.execute(
        select(
            DeviceContact.device_id,
            DeviceContact.online,
            DeviceContact.minute,
            DeviceContact.minute_messages,
            DeviceContact.habits,
        )
        .where(DeviceContact.device_id == queries.any_of(device_ids))
        .order_by(DeviceContact.device_id)
        .with_for_update()
    )
    return {row[0]: Contact(*row[1:]) for row in rows}


def note_presence(session: Session, online: Mapping[UUID, bool]) -> None:
    """Devices that came or went; tells others."""
    session.execute(
        text(
            "UPDATE device_contacts AS contact SET online = said.online"
            " FROM unnest(:devices ::uuid[], :online ::boolean[]) AS said (device_id, online)"
            " WHERE contact.device_id = said.device_id"
        ),
        {"devices": list(online), "online": list(online.values())},
    )
    for device_id, is_online in online.items():
        publish(session, DevicePresenceChanged(device_id=device_id, online=is_online))


def note_contact(session: Session, heard: Mapping[UUID, Heard], at: datetime, minute: int) -> None:
    session.execute(
        text(
            "UPDATE device_contacts AS contact"
            " SET last_seen_at = :at, boot_id = coalesce(heard.boot_id, contact.boot_id),"
            " last_seq = coalesce(heard.seq, contact.last_seq),"
            " minute = :minute, minute_messages = heard.messages,"
            " habits = coalesce(heard.habits, contact.habits)"
            " FROM unnest(:devices ::uuid[], :boots ::text[], :seqs ::bigint[], :messages ::int[],"
            " :habits ::text[]) AS heard (device_id, boot_id, seq, messages, habits)"
            " WHERE contact.device_id = heard.device_id"
        ),
        {
            "at": at,
            "minute": minute,
            "messages": [message.minute_messages for message in heard.values()],
            "devices": list(heard),
            "boots": [message.boot_id for message in heard.values()],
            "seqs": [message.seq for message in heard.values()],
            "habits": [message.habits for message in heard.values()],
        },
    )


def _ensure_free(session: Session, gateway_id: UUID, name: str) -> None:
    if queries.children_of(session, {(gateway_id, name)}):
        raise Conflict("The gateway has a device of that name.", code="gateway_name_taken")
