"""Every write on devices: register, revoke, and the note of when they were heard."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from iot_ingest.devices import queries
from iot_ingest.devices.lifecycle import DEVICE, DeviceStatus
from iot_ingest.devices.models import Device, DeviceContact
from iot_ingest.devices.tokens import hash_token, make_token, mosquitto_hash
from kernel.db import locked
from kernel.errors import Conflict


@dataclass(frozen=True, slots=True)
class Heard:
    """The latest message of one device in a batch."""

    boot_id: str | None
    seq: int | None


def register_device(
    session: Session,
    asset_id: UUID,
    *,
    name: str,
    kind: str = "sensor",
    external_id: str | None = None,
    request_key: str | None = None,
) -> tuple[Device, str]:
    """A new device and its token, which nobody can read again. Raises NotFound (asset).

    Replies with secrets are not kept for retries: the retry of a `request_key` gives the same
    device a new token. Raises Conflict `device_in_use` when the device has spoken meanwhile.
    """
    queries.ensure_asset(session, asset_id)
    token = make_token()
    key = hash_token(request_key) if request_key else None
    found = queries.find_by_request_key(session, key) if key else None
    if found is not None:
        if queries.has_spoken(session, found.id):
            raise Conflict("This registration is done; the device is in use.", code="device_in_use")
        found.token_hash, found.mqtt_hash = hash_token(token), mosquitto_hash(token)
        session.flush()
        return found, token
    device = Device(
        asset_id=asset_id,
        name=name,
        kind=kind,
        external_id=external_id,
        token_hash=hash_token(token),
        mqtt_hash=mosquitto_hash(token),
        request_key=key,
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


def lock_contacts(session: Session, device_ids: Collection[UUID]) -> None:
    """Take the devices for this transaction, in id order: their batches follow one another."""
    session.execute(
        select(DeviceContact.device_id)
        .where(DeviceContact.device_id == queries.any_of(device_ids))
        .order_by(DeviceContact.device_id)
        .with_for_update()
    ).all()


def note_contact(session: Session, heard: Mapping[UUID, Heard], at: datetime) -> None:
    session.execute(
        text(
            "UPDATE device_contacts AS contact"
            " SET last_seen_at = :at, boot_id = heard.boot_id, last_seq = heard.seq"
            " FROM unnest(:devices ::uuid[], :boots ::text[], :seqs ::bigint[])"
            " AS heard (device_id, boot_id, seq) WHERE contact.device_id = heard.device_id"
        ),
        {
            "at": at,
            "devices": list(heard),
            "boots": [message.boot_id for message in heard.values()],
            "seqs": [message.seq for message in heard.values()],
        },
    )
