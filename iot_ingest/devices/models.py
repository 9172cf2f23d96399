"""Tables of devices and of when they were last heard."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.devices.lifecycle import DEVICE, DeviceStatus
from kernel.db import Base, Record, enum_of, guard_moves


class Device(Record):
    """A sensor or gateway on an asset. Its token is shown once and kept as hashes:
    `token_hash` for ingest, `mqtt_hash` for a broker that checks logins itself.
    `request_key` recognizes the retry of a registration whose reply was lost."""

    __tablename__ = "devices"
    __audit_secret__: ClassVar[set[str]] = {"token_hash", "mqtt_hash", "request_key"}

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="sensor")
    status: Mapped[DeviceStatus] = mapped_column(enum_of(DeviceStatus), default=DeviceStatus.ACTIVE)
    token_hash: Mapped[str] = mapped_column(unique=True)
    mqtt_hash: Mapped[str]
    request_key: Mapped[str | None] = mapped_column(unique=True)


class DeviceContact(Base):
    """When a device was last heard. Written with every batch, so it is no audited record; its
    row is also the lock that puts the batches of one device in order."""

    __tablename__ = "device_contacts"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    last_seen_at: Mapped[datetime | None]
    boot_id: Mapped[str | None]
    last_seq: Mapped[int | None] = mapped_column(BigInteger)


guard_moves(Device, "status", DEVICE)
