"""The table of commands to devices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.remote_commands.lifecycle import COMMAND, CommandStatus
from kernel.db import Record, enum_of, guard_moves


class RemoteCommand(Record):
    """What a device is told to do, such as a restart. It may arrive more than once; the device
    knows it again by its id. `sent_at` is real time, the others business time."""

    __tablename__ = "remote_commands"
    __table_args__ = (
        Index("ix_remote_commands_open", "id", postgresql_where="status IN ('queued', 'sent')"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), index=True)
    name: Mapped[str]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[CommandStatus] = mapped_column(
        enum_of(CommandStatus), default=CommandStatus.QUEUED
    )
    requested_by: Mapped[str]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[Any | None] = mapped_column(JSONB)


guard_moves(RemoteCommand, "status", COMMAND)
