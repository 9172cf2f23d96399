"""Tables of devices and of when they were last heard."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.devices.lifecycle import DEVICE, DeviceStatus
from kernel.db import Base, Record, enum_of, guard_moves


class Device(Record):
    """A sensor or gateway on an asset. Its token is shown once and kept as hashes:
    `token_hash` for ingest, `mqtt_hash` for a broker that checks logins itself.
    `request_key` recognizes the retry of a registration whose reply was lost. Behind a gateway, the
    gateway speaks for it under `gateway_name`."""

    __tablename__ = "devices"
    __table_args__ = (
        UniqueConstraint("gateway_id", "gateway_name"),
        CheckConstraint("messages_per_minute > 0", name="quota_positive"),
        CheckConstraint("(gateway_id IS NULL) = (gateway_name IS NULL)", name="gateway_whole"),
    )
    __audit_secret__: ClassVar[set[str]] = {"token_hash", "mqtt_hash", "request_key"}

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="sensor")
    status: Mapped[DeviceStatus] = mapped_column(enum_of(DeviceStatus), default=DeviceStatus.ACTIVE)
    token_hash: Mapped[str] = mapped_column(unique=True)
    mqtt_hash: Mapped[str]
    request_key: Mapped[str | None] = mapped_column(unique=True)
    gateway_id: Mapped[UUID | None] = mapped_column(ForeignKey("devices.id"))
    gateway_name: Mapped[str | None]
    messages_per_minute: Mapped[int] = mapped_column(default=6_000, server_default="6000")
    """What comes beyond that is dropped, counted and not acknowledged."""


class DeviceContact(Base):
    """When a device was last heard. Written with every batch, so it is no audited record; its
    row is also the lock that puts the batches of one device in order."""

    __tablename__ = "device_contacts"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    last_seen_at: Mapped[datetime | None]
    boot_id: Mapped[str | None]
    last_seq: Mapped[int | None] = mapped_column(BigInteger)
    online: Mapped[bool | None]
    """As the device or its last will says; None: it never said."""
    minute: Mapped[int | None] = mapped_column(BigInteger)
    """Real minutes since 1970 that `minute_messages` counts in."""
    minute_messages: Mapped[int] = mapped_column(default=0, server_default="0")
    habits: Mapped[str | None]
    """What the quality gate remembers of each metric, as JSON; read and written with the row."""


guard_moves(Device, "status", DEVICE)
