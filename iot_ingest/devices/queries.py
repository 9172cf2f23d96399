"""Every SELECT on devices."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Row, Select, Text, Uuid, any_, literal, select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Customer, Site
from iot_ingest.devices.lifecycle import DeviceStatus
from iot_ingest.devices.models import Device, DeviceContact
from iot_ingest.devices.tokens import hash_token
from kernel import clock
from kernel.db import get
from kernel.errors import NotFound

SILENT_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """What ingest must know of the sender of a message."""

    id: UUID
    asset_id: UUID
    asset_model: str
    status: DeviceStatus
    token_hash: str
    messages_per_minute: int


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device with its state as people see it."""

    id: UUID
    asset_id: UUID
    asset_name: str
    customer_name: str
    name: str
    kind: str
    status: DeviceStatus
    version: int
    last_seen_at: datetime | None
    online: bool
    gateway_id: UUID | None
    gateway_name: str | None
    messages_per_minute: int


def any_of(ids: Collection[UUID]) -> ColumnElement[Any]:
    """For `column == any_of(ids)`: one statement for any number, which IN is not; compiling and
    parsing a new one for each size of batch costs more than running it."""
    return any_(literal(list(ids), ARRAY(Uuid())))


def known_devices(session: Session, ids: Collection[UUID]) -> dict[UUID, KnownDevice]:
    rows = session.execute(_select_known().where(Device.id == any_of(ids)))
    return {row.id: KnownDevice(*row) for row in rows}


def children_of(
    session: Session, named: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], KnownDevice]:
    """Devices behind gateways, by (gateway, name at the gateway)."""
    if not named:
        return {}
    rows = session.execute(
        _select_known()
        .add_columns(Device.gateway_id, Device.gateway_name)
        .where(
            Device.gateway_id == any_of({gateway for gateway, _ in named}),
            Device.gateway_name == any_(literal([name for _, name in named], ARRAY(Text()))),
        )
    )
    return {(row.gateway_id, row.gateway_name): KnownDevice(*row[:6]) for row in rows}


def _select_known() -> Select[UUID, UUID, str, DeviceStatus, str, int]:
    return select(
        Device.id,
        Device.asset_id,
        Asset.model,
        Device.status,
        Device.token_hash,
        Device.messages_per_minute,
    ).join(Asset, Asset.id == Device.asset_id)


def find_by_token(session: Session, token: str) -> Device | None:
    """The active device that the token belongs to."""
    return session.scalar(
        select(Device).where(
            Device.token_hash == hash_token(token), Device.status == DeviceStatus.ACTIVE
        )
    )


def find_by_request_key(session: Session, key: str) -> Device | None:
    return session.scalar(select(Device).where(Device.request_key == key).with_for_update())


def has_spoken(session: Session, device_id: UUID) -> bool:
    contact = session.get(DeviceContact, device_id, populate_existing=True)
    return contact is not None and contact.last_seen_at is not None


def is_online(session: Session, device_id: UUID) -> bool:
    """Whether an active device has said that it is there; many never say."""
    found = session.scalar(
        select(DeviceContact.online)
        .join(Device, Device.id == DeviceContact.device_id)
        .where(Device.id == device_id, Device.status == DeviceStatus.ACTIVE)
    )
    return found is True


def select_devices(asset_id: UUID | None = None, q: str | None = None) -> Select[Device]:
    """`q`: part of the name of the device or of its asset."""
    found = select(Device)
    if asset_id:
        found = found.where(Device.asset_id == asset_id)
    if q:
        assets = select(Asset.id).where(Asset.name.icontains(q, autoescape=True))
        named = Device.name.icontains(q, autoescape=True)
        found = found.where(named | Device.asset_id.in_(assets))
    return found


def get_view(session: Session, device_id: UUID) -> DeviceView:
    """Raises NotFound."""
    return list_views(session, [get(session, Device, device_id)])[0]


def list_views(session: Session, devices: Sequence[Device]) -> list[DeviceView]:
    contacts = {
        row.device_id: (row.last_seen_at, row.online)
        for row in session.execute(
            select(DeviceContact.device_id, DeviceContact.last_seen_at, DeviceContact.online).where(
                DeviceContact.device_id.in_([device.id for device in devices])
            )
        )
    }
    owners = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(Asset.id, Asset.name, Customer.name)
            .join(Site, Site.id == Asset.site_id)
            .join(Customer, Customer.id == Site.customer_id)
            .where(Asset.id.in_({device.asset_id for device in devices}))
        )
    }
    now = clock.now(session)
    return [
        _view(device, owners[device.asset_id], *contacts.get(device.id, (None, None)), now)
        for device in devices
    ]


def _view(
    device: Device,
    owner: tuple[str, str],
    seen: datetime | None,
    said: bool | None,
    now: datetime,
) -> DeviceView:
    return DeviceView(
        id=device.id,
        asset_id=device.asset_id,
        asset_name=owner[0],
        customer_name=owner[1],
        name=device.name,
        kind=device.kind,
        status=device.status,
        version=device.version,
        last_seen_at=seen,
        online=seen is not None and now - seen < SILENT_AFTER if said is None else said,
        gateway_id=device.gateway_id,
        gateway_name=device.gateway_name,
        messages_per_minute=device.messages_per_minute,
    )


def ids_of_asset(session: Session, asset_id: UUID) -> list[UUID]:
    return list(session.scalars(select(Device.id).where(Device.asset_id == asset_id)))


def ensure_asset(session: Session, asset_id: UUID) -> None:
    """Raises NotFound."""
    if session.get(Asset, asset_id) is None:
        raise NotFound("asset", asset_id)


def list_broker_logins(session: Session) -> Sequence[Row[UUID, str]]:
    """(device id, hash) of all active devices: the lines of Mosquitto's password file."""
    return session.execute(
        select(Device.id, Device.mqtt_hash)
        .where(Device.status == DeviceStatus.ACTIVE)
        .order_by(Device.id)
    ).all()
