"""HTTP: the registry of devices, and who a device's token belongs to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from sqlalchemy.orm import Session as OrmSession

from dispatch.accounts.roles import ADMIN, DEVICE, DISPATCHER, OFFICE, SUPERVISOR
from iot_ingest.devices import queries, service
from iot_ingest.devices.models import Device
from iot_ingest.devices.schemas import DeviceIn, DeviceOut, RegisteredDeviceOut
from iot_ingest.devices.topics import ack_topic, readings_topic
from kernel.auth import require
from kernel.db import act_as
from kernel.errors import PreconditionRequired, Unauthenticated
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal

registry = Router(prefix="/api/devices", tags=["devices"])
# Its reply holds a secret, which must not be stored for retries: it dedups by itself.
registration = Router(prefix="/api/devices", tags=["devices"], idempotent=False)

Office = Annotated[Principal, Depends(require(*OFFICE))]
Registrar = Annotated[Principal, Depends(require(DISPATCHER, SUPERVISOR, ADMIN))]


def device_of_token(
    session: Session, authorization: Annotated[str | None, Header()] = None
) -> Device:
    """The device whose token the request bears; Unauthenticated 401 otherwise."""
    scheme, _, token = (authorization or "").partition(" ")
    device = queries.find_by_token(session, token) if scheme.lower() == "bearer" else None
    if device is None:
        raise Unauthenticated("This device token is not valid.", code="device_token_invalid")
    _act_as_device(session, device)
    return device


device_of_token.declared_roles = frozenset({DEVICE})  # type: ignore[attr-defined]  # a mark on a function
device_of_token.declared_public = False  # type: ignore[attr-defined]  # a mark on a function
CurrentDevice = Annotated[Device, Depends(device_of_token)]


def _act_as_device(session: OrmSession, device: Device) -> None:
    act_as(session, Principal(subject_id=device.id, roles=frozenset({DEVICE}), name=device.name))


@registry.get("")
def list_devices(
    session: Session,
    office: Office,
    asset_id: UUID | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[DeviceOut]:
    """`q` finds devices by their name or their asset's."""
    found = queries.select_devices(asset_id, q)
    rows, following = paginate(session, found, Device.id, cursor, limit)
    views = queries.list_views(session, rows)
    return Page(items=[DeviceOut.model_validate(view) for view in views], next_cursor=following)


@registry.get("/{device_id}")
def get_device(session: Session, office: Office, device_id: UUID) -> DeviceOut:
    return DeviceOut.model_validate(queries.get_view(session, device_id))


@registration.post("", status_code=201)
def register_device(
    session: Session,
    registrar: Registrar,
    body: DeviceIn,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> RegisteredDeviceOut:
    if not idempotency_key:
        raise PreconditionRequired(
            "Send an Idempotency-Key header.", code="idempotency_key_required"
        )
    device, token = service.register_device(
        session,
        body.asset_id,
        name=body.name,
        kind=body.kind,
        external_id=body.external_id,
        request_key=f"{registrar.actor} {idempotency_key}",
        gateway_id=body.gateway_id,
        gateway_name=body.gateway_name,
        messages_per_minute=body.messages_per_minute,
    )
    return RegisteredDeviceOut(
        device=DeviceOut.model_validate(queries.get_view(session, device.id)),
        token=token,
        mqtt_topic=readings_topic(device.id),
        ack_topic=ack_topic(device.id),
    )


@registry.post("/{device_id}/revoke")
def revoke_device(session: Session, registrar: Registrar, device_id: UUID) -> DeviceOut:
    service.revoke(session, device_id)
    return DeviceOut.model_validate(queries.get_view(session, device_id))


router = APIRouter()
router.include_router(registration)
router.include_router(registry)
