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
from iot_ingest.readings.queries import Boot

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
    """Enter messages in the inbox; gives those that were not there yet."""
    ordered = sorted(set(identities))
    rows = session.execute(
        text(
            "INSERT INTO device_messages (device_id, boot_id, seq)"
            " SELECT * FROM unnest(:devices ::uuid[], :boots ::text[], :seqs ::bigint[])"
            " ON CONFLICT DO NOTHING RETURNING device_id, boot_id, seq"
        ),
        {
            "devices": [device_id for device_id, _, _ in ordered],
            "boots": [boot_id for _, boot_id, _ in ordered],
            "seqs": [seq for _, _, seq in ordered],
        },
    )
    return {(row.device_id, row.boot_id, row.seq) for row in rows}


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
    session: Session, boots: Collection[Boot], oldest: Mapping[Boot, int]
) -> dict[Boot, int]:
    """Move each boot's cursor over what is stored without a gap; gives the cursors that exist.

    `oldest` is what devices say they can still send: nothing below it will come any more.
    """
    before = queries.progress(session, boots)
    stored = queries.stored_after(
        session,
        [(device, boot, before.get((device, boot), BEFORE_THE_FIRST)) for device, boot in boots],
    )
    after = dict(before)
    for boot, found in stored.items():
        given_up = max(
            (item.seq for item in found if is_gap_before_given_up(item.seq, item.waited)), default=0
        )
        cursor = advance(
            before.get(boot),
            [item.seq for item in found],
            given_up_below=max(given_up, oldest.get(boot, 0)),
        )
        if cursor is not None:
            after[boot] = cursor
    moved = {boot: seq for boot, seq in after.items() if before.get(boot) != seq}
    if moved:
        _keep_progress(session, moved)
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


def _keep_progress(session: Session, moved: Mapping[Boot, int]) -> None:
    session.execute(
        text(
            "INSERT INTO device_progress (device_id, boot_id, seq)"
            " SELECT * FROM unnest(:devices ::uuid[], :boots ::text[], :seqs ::bigint[])"
            " ON CONFLICT (device_id, boot_id)"
            " DO UPDATE SET seq = excluded.seq, changed_at = excluded.changed_at"
        ),
        {
            "devices": [device_id for device_id, _ in moved],
            "boots": [boot_id for _, boot_id in moved],
            "seqs": list(moved.values()),
        },
    )
