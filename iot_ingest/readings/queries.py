"""Every SELECT on readings and message identities."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.orm import Session

from iot_ingest.devices.models import Device
from iot_ingest.devices.queries import any_of, ids_of_asset
from iot_ingest.readings.counters import Falls
from iot_ingest.readings.means import Mean
from iot_ingest.readings.models import (
    DeadLetter,
    DeviceMessage,
    DropCount,
    Reading,
    ReadingMark,
)
from iot_ingest.readings.quality import Drop

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
    the readings in `[since, until)`. Counters go on where they were when they begin anew."""
    begin = func.date_bin(width, Reading.ts, EPOCH).label("begin")
    value: ColumnElement[float] = Reading.value.expression
    if falls_of(session, ids_of_asset(session, asset_id), metrics):
        value = value + _fallen_by_then()
    rows = session.execute(
        select(begin, Reading.metric, func.avg(value))
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


def _fallen_by_then() -> ColumnElement[float]:
    fallen = (
        select(func.coalesce(func.sum(ReadingMark.fell_by), 0.0))
        .where(
            ReadingMark.device_id == Reading.device_id,
            ReadingMark.metric == Reading.metric,
            ReadingMark.reason == str(Drop.COUNTER_RESET),
            ReadingMark.since <= Reading.ts,
        )
        .correlate(Reading)
    )
    return fallen.scalar_subquery()


def list_marks(session: Session, device_id: UUID, limit: int) -> list[ReadingMark]:
    """The newest marks of a device: those that last first."""
    return list(
        session.scalars(
            select(ReadingMark)
            .where(ReadingMark.device_id == device_id)
            .order_by(ReadingMark.until.is_not(None), ReadingMark.since.desc())
            .limit(limit)
        )
    )


def falls_of(
    session: Session, device_ids: Collection[UUID], metrics: Collection[str]
) -> dict[tuple[UUID, str], Falls]:
    """When counters of these devices began anew and by how much they fell, in order of time."""
    rows = session.execute(
        select(ReadingMark.device_id, ReadingMark.metric, ReadingMark.since, ReadingMark.fell_by)
        .where(
            ReadingMark.device_id == any_of(device_ids),
            ReadingMark.metric.in_(metrics),
            ReadingMark.reason == str(Drop.COUNTER_RESET),
        )
        .order_by(ReadingMark.since)
    )
    found: dict[tuple[UUID, str], Falls] = {}
    for device_id, metric, since, fell_by in rows:
        found.setdefault((device_id, metric), []).append((since, fell_by or 0.0))
    return found


def restarts_of(session: Session, metric: str, since: datetime) -> dict[UUID, set[datetime]]:
    """When counters of that metric began anew since then, by device."""
    rows = session.execute(
        select(ReadingMark.device_id, ReadingMark.since).where(
            ReadingMark.metric == metric,
            ReadingMark.reason == str(Drop.COUNTER_RESET),
            ReadingMark.since >= since,
        )
    )
    found: dict[UUID, set[datetime]] = {}
    for device_id, moment in rows:
        found.setdefault(device_id, set()).add(moment)
    return found


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
