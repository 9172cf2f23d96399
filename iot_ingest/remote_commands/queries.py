"""Every SELECT on commands to devices."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, or_, select, text
from sqlalchemy.orm import Session

from iot_ingest.devices.lifecycle import DeviceStatus
from iot_ingest.devices.models import Device
from iot_ingest.remote_commands.lifecycle import OPEN, CommandStatus
from iot_ingest.remote_commands.models import RemoteCommand

NOW = text("(SELECT app_now())")


def select_commands(device_id: UUID) -> Select[RemoteCommand]:
    return select(RemoteCommand).where(RemoteCommand.device_id == device_id)


def lock_due(
    session: Session, sent_before: datetime, most: int
) -> Sequence[Row[RemoteCommand, UUID | None, str | None]]:
    """Commands to be sent now, each with its device's gateway and name there, those that wait
    longest first: devices that never answer hold nobody up. What another process is sending, and
    what is for a revoked device, is left out."""
    return session.execute(
        select(RemoteCommand, Device.gateway_id, Device.gateway_name)
        .join(Device, Device.id == RemoteCommand.device_id)
        .where(
            or_(
                RemoteCommand.status == CommandStatus.QUEUED,
                (RemoteCommand.status == CommandStatus.SENT)
                & (RemoteCommand.sent_at < sent_before),
            ),
            RemoteCommand.expires_at > NOW,
            Device.status == DeviceStatus.ACTIVE,
        )
        .order_by(RemoteCommand.sent_at.nulls_first(), RemoteCommand.id)
        .limit(most)
        .with_for_update(of=RemoteCommand, skip_locked=True)
    ).all()


def lock_answered(session: Session, sender_id: UUID, command_id: UUID) -> RemoteCommand | None:
    """The command of this device, or of a device behind this gateway."""
    return session.scalar(
        select(RemoteCommand)
        .join(Device, Device.id == RemoteCommand.device_id)
        .where(
            RemoteCommand.id == command_id,
            or_(Device.id == sender_id, Device.gateway_id == sender_id),
        )
        .with_for_update(of=RemoteCommand)
    )


def has_open(session: Session, device_id: UUID, name: str) -> bool:
    """Whether such a command is under way."""
    return (
        session.scalar(
            select(RemoteCommand.id).where(
                RemoteCommand.device_id == device_id,
                RemoteCommand.name == name,
                RemoteCommand.status.in_(OPEN),
            )
        )
        is not None
    )


def lock_overdue(session: Session) -> list[RemoteCommand]:
    return list(
        session.scalars(
            select(RemoteCommand)
            .where(RemoteCommand.status.in_(OPEN), RemoteCommand.expires_at <= NOW)
            .order_by(RemoteCommand.id)
            .with_for_update(skip_locked=True)
        )
    )
