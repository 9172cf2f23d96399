"""Every SELECT on readings and message identities."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from iot_ingest.devices.models import Device
from iot_ingest.readings.means import Mean
from iot_ingest.readings.models import DeadLetter, DeviceMessage, DropCount, Reading

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

Boot = tuple[UUID, str]


class Progress(NamedTuple):
    """All up to `seq` is stored; `highest` too (None: not noted), and what lies between maybe."""

    seq: int
    highest: int | None


@dataclass(frozen=True, slots=True)
class StoredSeq:
    seq: int
    waited: timedelta


def progress(session: Session, boots: Collection[Boot]) -> dict[Boot, Progress]:
    rows = session.execute(
        text(
            "SELECT device_id, boot_id, seq, highest FROM device_progress"
            " JOIN unnest(:devices ::uuid[], :boots ::text[]) AS asked (device_id, boot_id)"
            " USING (device_id, boot_id)"
        ),
        {"devices": [device for device, _ in boots], "boots": [boot for _, boot in boots]},
    )
    return {(row[0], row[1]): Progress(row[2], row[3]) for row in rows}


def stored_after(
    session: Session, cursors: Sequence[tuple[UUID, str, int]]
) -> dict[Boot, list[StoredSeq]]:
    """The sequences stored beyond each (device, boot, seq)."""
    rows = session.execute(
        text(
            """
            SELECT m.device_id, m.boot_id, m.seq,
                   clock_timestamp() - m.received_at AS waited
              FROM unnest(:devices ::uuid[], :boots ::text[], :seqs ::bigint[])
                   AS asked (device_id, boot_id, seq)
              JOIN device_messages m
                ON m.device_id = asked.device_id AND m.boot_id = asked.boot_id
               AND m.seq > asked.seq
            """
        ),
        {
            "devices": [device_id for device_id, _, _ in cursors],
            "boots": [boot_id for _, boot_id, _ in cursors],
            "seqs": [seq for _, _, seq in cursors],
        },
    )
    found: dict[Boot, list[StoredSeq]] = {}
    for row in rows:
        stored = StoredSeq(row.seq, row.waited)
        found.setdefault((row.device_id, row.boot_id), []).append(stored)
    return found


def means(
    session: Session,
    asset_id: UUID,
    metrics: Sequence[str],
    width: timedelta,
    since: datetime,
    until: datetime,
) -> list[Mean]:
    """Of each metric of an asset over stretches of that width since 1970, in order of time, from
    the readings in `[since, until)`."""
    begin = func.date_bin(width, Reading.ts, EPOCH).label("begin")
    rows = session.execute(
        select(begin, Reading.metric, func.avg(Reading.value))
        .join(Device, Device.id == Reading.device_id)
        .where(
            Device.asset_id == asset_id,
            Reading.metric.in_(metrics),
            Reading.ts >= since,
            Reading.ts < until,
        )
        .group_by(begin, Reading.metric)
        .order_by(begin, Reading.metric)
    )
    return [Mean(*row) for row in rows]


def list_drops(session: Session, device_id: UUID, since: date) -> dict[str, int]:
    """How much of a device was dropped since that day, by reason."""
    rows = session.execute(
        select(DropCount.reason, func.sum(DropCount.times))
        .where(DropCount.device_id == device_id, DropCount.day >= since)
        .group_by(DropCount.reason)
    )
    return {reason: int(times) for reason, times in rows}


def drops_by_reason(session: Session, since: date) -> dict[str, int]:
    """How much of all devices, and of senders that are none, was dropped since that day."""
    rows = session.execute(
        select(DropCount.reason, func.sum(DropCount.times))
        .where(DropCount.day >= since)
        .group_by(DropCount.reason)
        .order_by(DropCount.reason)
    )
    return {reason: int(times) for reason, times in rows}


def select_dead_letters(device_id: UUID | None, reason: str | None) -> Select[DeadLetter]:
    found = select(DeadLetter)
    if device_id is not None:
        found = found.where(DeadLetter.device_id == device_id)
    return found if reason is None else found.where(DeadLetter.reason == reason)


def count_messages(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(DeviceMessage)) or 0
