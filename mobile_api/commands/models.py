"""What each phone has sent, and what came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from kernel.db import Base, enum_of
from mobile_api.commands.lifecycle import CommandOutcome


class FieldDevice(Base):
    """One installation of the app: whose it is, and how far its commands have been dealt with."""

    __tablename__ = "field_devices"

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    highest_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    first_seen_at: Mapped[datetime] = mapped_column(server_default=text("app_now()"))


class DeviceCommand(Base):
    """One command of a phone with its result; a repetition is answered from here.

    `device_at` is what the phone's clock said, for the record only.
    """

    __tablename__ = "device_commands"

    device_id: Mapped[UUID] = mapped_column(ForeignKey(FieldDevice.device_id), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    command_id: Mapped[str]
    kind: Mapped[str]
    visit_id: Mapped[UUID | None]
    device_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(server_default=text("app_now()"))
    payload: Mapped[dict[str, Any]]
    outcome: Mapped[CommandOutcome] = mapped_column(enum_of(CommandOutcome))
    code: Mapped[str | None]
    message: Mapped[str | None]
