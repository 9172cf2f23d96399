"""Every write on readings: store them once, note which messages came, count what was dropped."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from sqlalchemy import insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from iot_ingest.readings import queries
from iot_ingest.readings.models import DeadLetter, ReadingMark
from iot_ingest.readings.progress import advance, is_gap_before_given_up
from iot_ingest.readings.quality import Drop, GoodReading
from iot_ingest.readings.queries import Boot, Progress

Identity = tuple[UUID, str, int]
BEFORE_THE_FIRST = -1
MOST_LETTERS = 50
"""Dead letters of one sender, reason and day."""
LONGEST_LETTER, LONGEST_TOPIC = 2_000, 300

STAGING = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS readings_staging"
    " (device_id uuid, metric text, ts timestamptz, value double precision)"
    " ON COMMIT DELETE ROWS"
)
COPY = "COPY readings_staging (device_id, metric, ts, value) FROM STDIN (FORMAT BINARY)"
COPY_TYPES = ("uuid", "text", "timestamptz", "float8")
MERGE = (
    "INSERT INTO readings (device_id, metric, ts, value)"
    " SELECT device_id, metric, ts, value FROM readings_staging"
    " ORDER BY device_id, metric, ts ON CONFLICT DO NOTHING"
)


def note_messages(session: Session, identities: Collection[Identity]) -> set[Identity]:
    """Enter messages in the inbox; gives those that were not there yet.

    The caller holds the devices' contacts locked, so nobody else enters the same ones.
    """
    asked = set(identities)
    # What came back is read only when some were known: mostly none is.
    new = session.execute(
        text(
            "WITH new AS (INSERT INTO device_messages (device_id, boot_id, seq)"
            " SELECT * FROM unnest(:devices ::uuid[], :boots ::text[], :seqs ::bigint[])"
            " ON CONFLICT DO NOTHING RETURNING device_id, boot_id, seq)"
            " SELECT count(*) AS found,"
            " CASE WHEN count(*) < :asked THEN array_agg(device_id) END AS devices,"
            " CASE WHEN count(*) < :asked THEN array_agg(boot_id) END AS boots,"
            " CASE WHEN count(*) < :asked THEN array_agg(seq) END AS seqs FROM new"
        ),
        {
            "asked": len(asked),
            "devices": [device_id for device_id, _, _ in asked],
            "boots": [boot_id for _, boot_id, _ in asked],
            "seqs": [seq for _, _, seq in asked],
        },
    ).one()
    if new.found == len(asked):
        return asked
    return set(zip(new.devices or (), new.boots or (), new.seqs or (), strict=True))


def store(session: Session, readings: Sequence[tuple[UUID, GoodReading]]) -> int:
    """Add readings; gives how many were new. COPY and merge: safe to repeat, and fast."""
    if not readings:
        return 0
    connection = session.connection()
    connection.exec_driver_sql(STAGING)
    driver = connection.connection.driver_connection
    assert isinstance(driver, Connection)
    with driver.cursor() as cursor:
        with cursor.copy(COPY) as copy:
            copy.set_types(COPY_TYPES)
            for device_id, reading in readings:
                copy.write_row((device_id, reading.metric, reading.ts, reading.value))
        cursor.execute(MERGE)
        stored = cursor.rowcount
        cursor.execute("DELETE FROM readings_staging")
    return stored


def advance_progress(
    session: Session, stored: Mapping[Boot, Collection[int]], oldest: Mapping[Boot, int]
) -> dict[Boot, int]:
    """Move each boot's cursor over what is stored without a gap; gives the cursors that exist.

    `stored` are the sequences of this batch; `oldest` is what devices say they can still send:
    nothing below it will come any more.
    """
    before = queries.progress(session, stored)
    after: dict[Boot, Progress] = {}
    for boot, seqs in stored.items():
        known = before.get(boot)
        if known is not None and known.highest is not None:
            ahead = advance(known.seq, seqs, given_up_below=oldest.get(boot, 0))
            cursor = known.seq if ahead is None else ahead
            highest = max(known.highest, *seqs)
            if cursor >= highest:
                after[boot] = Progress(cursor, highest)
    behind = stored.keys() - after.keys()
    if behind:
        after |= _advanced_over_gaps(session, before, behind, oldest)
    moved = {boot: progress for boot, progress in after.items() if before.get(boot) != progress}
    if moved:
        _keep_progress(session, moved)
    return {boot: progress.seq for boot, progress in after.items()}


def _advanced_over_gaps(
    session: Session,
    before: Mapping[Boot, Progress],
    boots: Collection[Boot],
    oldest: Mapping[Boot, int],
) -> dict[Boot, Progress]:
    """For boots of which something is missing, or may be: looks at all that is stored."""
    cursors = {boot: before[boot].seq if boot in before else None for boot in boots}
    found = queries.stored_after(
        session,
        [
            (device, boot, BEFORE_THE_FIRST if cursor is None else cursor)
            for (device, boot), cursor in cursors.items()
        ],
    )
    after = {boot: before[boot] for boot in boots if boot in before}
    for boot, ahead in found.items():
        given_up = max(
            (item.seq for item in ahead if is_gap_before_given_up(item.seq, item.waited)), default=0
        )
        cursor = advance(
            cursors[boot],
            [item.seq for item in ahead],
            given_up_below=max(given_up, oldest.get(boot, 0)),
        )
        if cursor is not None:
            after[boot] = Progress(cursor, max(item.seq for item in ahead))
    return after


@dataclass(frozen=True, slots=True)
class Letter:
    """A dropped message as it came."""

    device_id: UUID
    reason: Drop
    topic: str
    payload: bytes


def count_drops(
    session: Session,
    drops: Mapping[tuple[UUID, Drop], int],
    letters: Sequence[Letter],
    day: date,
) -> None:
    """Add to the day's counts, and keep letters of senders that have not many of that reason."""
    if not drops:
        return
    ordered = sorted(drops.items())
    rows = session.execute(
        text(
            "INSERT INTO drop_counts AS kept (device_id, day, reason, times)"
            " SELECT device_id, :day, reason, times"
            " FROM unnest(:devices ::uuid[], :reasons ::text[], :times ::bigint[])"
            " AS new (device_id, reason, times)"
            " ON CONFLICT (device_id, day, reason)"
            " DO UPDATE SET times = kept.times + excluded.times"
            " RETURNING device_id, reason, times"
        ),
        {
            "day": day,
            "devices": [device_id for (device_id, _), _ in ordered],
            "reasons": [str(reason) for (_, reason), _ in ordered],
            "times": [times for _, times in ordered],
        },
    )
    before = {(row[0], row[1]): row[2] - drops[row[0], Drop(row[1])] for row in rows}
    room = {key: MOST_LETTERS - times for key, times in before.items()}
    kept = []
    for letter in letters:
        key = (letter.device_id, str(letter.reason))
        if room.get(key, 0) > 0:
            room[key] -= 1
            kept.append(letter)
    if kept:
        session.execute(insert(DeadLetter), [_row(letter) for letter in kept])


@dataclass(frozen=True, slots=True)
class Mark:
    """A sensor that is stuck `since` then, or a counter that began anew then, `fell_by` lower."""

    device_id: UUID
    metric: str
    reason: Drop
    since: datetime
    fell_by: float | None = None


def keep_marks(
    session: Session,
    begun: Collection[Mark],
    ended: Collection[tuple[UUID, str, datetime]],
) -> None:
    """`ended` are stuck sensors (device, metric) that move again since then."""
    rows = [
        {
            "device_id": mark.device_id,
            "metric": mark.metric,
            "reason": str(mark.reason),
            "since": mark.since,
            "until": mark.since if mark.reason is Drop.COUNTER_RESET else None,
            "fell_by": mark.fell_by,
        }
        for mark in begun
    ]
    if rows:
        session.execute(upsert(ReadingMark).on_conflict_do_nothing(), rows)
    for device_id, metric, moment in ended:
        session.execute(
            update(ReadingMark)
            .where(
                ReadingMark.device_id == device_id,
                ReadingMark.metric == metric,
                ReadingMark.reason == str(Drop.STUCK_SENSOR),
                ReadingMark.until.is_(None),
                ReadingMark.since < moment,
            )
            .values(until=moment)
        )


def _row(letter: Letter) -> dict[str, Any]:
    return {
        "device_id": letter.device_id,
        "reason": str(letter.reason),
        "topic": letter.topic[:LONGEST_TOPIC].replace("\0", "\N{REPLACEMENT CHARACTER}"),
        "payload": letter.payload[:LONGEST_LETTER],
        "size": len(letter.payload),
    }


def _keep_progress(session: Session, moved: Mapping[Boot, Progress]) -> None:
    session.execute(
        text(
            "INSERT INTO device_progress (device_id, boot_id, seq, highest)"
            " SELECT * FROM unnest"
            "(:devices ::uuid[], :boots ::text[], :seqs ::bigint[], :highest ::bigint[])"
            " ON CONFLICT (device_id, boot_id) DO UPDATE SET seq = excluded.seq,"
            " highest = excluded.highest, changed_at = excluded.changed_at"
        ),
        {
            "devices": [device_id for device_id, _ in moved],
            "boots": [boot_id for _, boot_id in moved],
            "seqs": [progress.seq for progress in moved.values()],
            "highest": [progress.highest for progress in moved.values()],
        },
    )
