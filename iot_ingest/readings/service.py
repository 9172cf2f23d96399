"""Every write on readings: store them once, note which messages came, count what was dropped."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from iot_ingest.readings import queries
from iot_ingest.readings.models import DropCount
from iot_ingest.readings.progress import advance, is_gap_before_given_up
from iot_ingest.readings.quality import Drop, GoodReading
from iot_ingest.readings.queries import Boot, Progress

Identity = tuple[UUID, str, int]
BEFORE_THE_FIRST = -1

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


def count_drops(session: Session, drops: Mapping[tuple[UUID, Drop], int], day: date) -> None:
    if not drops:
        return
    statement = insert(DropCount)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[DropCount.device_id, DropCount.day, DropCount.reason],
            set_={"times": DropCount.times + statement.excluded.times},
        ),
        [
            {"device_id": device_id, "day": day, "reason": str(reason), "times": times}
            for (device_id, reason), times in sorted(drops.items())
        ],
    )


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
