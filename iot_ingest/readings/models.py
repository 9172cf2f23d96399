"""Tables of readings, of the identities of messages, and of what was dropped."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DDL, BigInteger, Index, event, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Reading(Base):
    """One value of one metric of one device. Partitioned by time; no foreign key, because
    devices are never deleted and a check per row would halve the rate of ingest."""

    __tablename__ = "readings"
    __table_args__ = ({"postgresql_partition_by": "RANGE (ts)"},)

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    ts: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float]


DEFAULT_PARTITION = "CREATE TABLE IF NOT EXISTS readings_default PARTITION OF readings DEFAULT"
# Whatever no day's partition takes lands here, so that nothing is refused.
event.listen(
    Reading.__table__,
    "after_create",
    DDL(DEFAULT_PARTITION),  # type: ignore[no-untyped-call]  # the library has no types here
)


class DeviceMessage(Base):
    """The identity of a message taken in: the inbox that makes redelivery harmless. Times are
    real ones. Not partitioned, because a partitioned table cannot keep (device, boot, seq) unique.
    """

    __tablename__ = "device_messages"
    __table_args__ = (Index("ix_device_messages_received_at", "received_at"),)

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    boot_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    received_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class DeviceProgress(Base):
    """Up to which sequence the messages of one boot are stored without a gap, and the highest that
    is stored at all: while the two are equal nobody need look for what lies between."""

    __tablename__ = "device_progress"

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    boot_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    highest: Mapped[int | None] = mapped_column(BigInteger)
    changed_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class DeadLetter(Base):
    """A message that was dropped, or whose reading is marked, for people to look at; at most some
    for each sender, reason and day. `payload` is its beginning, `size` the bytes it had."""

    __tablename__ = "dead_letters"
    __table_args__ = (Index("ix_dead_letters_received_at", "received_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    received_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    device_id: Mapped[UUID] = mapped_column(index=True)
    reason: Mapped[str]
    topic: Mapped[str]
    payload: Mapped[bytes]
    size: Mapped[int]


class ReadingMark(Base):
    """A stretch of readings that are stored but not taken at their word: a stuck sensor from
    `since` until it moved (None: it still stands), or the moment a counter began anew, `fell_by`
    lower than before."""

    __tablename__ = "reading_marks"

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime | None]
    fell_by: Mapped[float | None]


class DropCount(Base):
    """How many messages or readings were dropped or marked on one day, by sender and reason. The
    nil id stands for senders that are no device of ours."""

    __tablename__ = "drop_counts"

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(BigInteger)
