"""HTTP: the office has a device do something, and sees what became of it."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import ADMIN, DISPATCHER, OFFICE, SUPERVISOR
from iot_ingest.devices.models import Device
from iot_ingest.remote_commands import queries, service
from iot_ingest.remote_commands.models import RemoteCommand
from iot_ingest.remote_commands.schemas import RemoteCommandIn, RemoteCommandOut
from kernel.auth import require
from kernel.db import get
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal

router = Router(prefix="/api/devices", tags=["devices"])

Office = Annotated[Principal, Depends(require(*OFFICE))]
Operator = Annotated[Principal, Depends(require(DISPATCHER, SUPERVISOR, ADMIN))]


@router.post("/{device_id}/commands", status_code=201)
def ask_device(
    session: Session, operator: Operator, device_id: UUID, body: RemoteCommandIn
) -> RemoteCommandOut:
    command = service.ask(
        session,
        device_id,
        body.name,
        body.arguments,
        requested_by=operator.actor,
        lifetime=timedelta(seconds=body.lifetime_seconds),
    )
    return RemoteCommandOut.model_validate(command)


@router.get("/{device_id}/commands")
def list_remote_commands(
    session: Session,
    office: Office,
    device_id: UUID,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[RemoteCommandOut]:
    get(session, Device, device_id)
    found = queries.select_commands(device_id)
    rows, following = paginate(session, found, RemoteCommand.id, cursor, limit)
    return Page(items=[RemoteCommandOut.model_validate(row) for row in rows], next_cursor=following)
