"""Make the partitions of the coming days and remove what is kept long enough."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from iot_ingest.readings import queries
from iot_ingest.retention.partitions import bounds, days_needed, days_to_drop, name_of
from kernel import clock

DAYS_AHEAD = 7
KEEP_READINGS_DAYS = 400
KEEP_MESSAGES_DAYS = 14
FORGOTTEN = (
    ("device_messages", "received_at"),
    ("device_progress", "changed_at"),
    ("dead_letters", "received_at"),
)


def make_partitions(session: Session) -> list[str]:
    """The partitions from yesterday to a week ahead; gives the names of the new ones."""
    present = queries.partition_names(session)
    missing = [
        day
        for day in days_needed(clock.now(session).date(), DAYS_AHEAD)
        if name_of(day) not in present
    ]
    for day in missing:
        _make_partition(session, day)
    return [name_of(day) for day in missing]


def forget_old(session: Session) -> None:
    """Drop whole days of readings, and message identities that can come no more."""
    today = clock.now(session).date()
    for name in days_to_drop(queries.partition_names(session), today, KEEP_READINGS_DAYS):
        session.execute(text(f"DROP TABLE {name}"))
    for table, column in FORGOTTEN:
        session.execute(
            text(
                f"DELETE FROM {table} WHERE {column} < "
                "(SELECT clock_timestamp()) - make_interval(days => :days)"
            ),
            {"days": KEEP_MESSAGES_DAYS},
        )


def _make_partition(session: Session, day: date) -> None:
    """Rows of that day that already wait in the default partition move into the new one."""
    name = name_of(day)
    start, end = (moment.isoformat() for moment in bounds(day))
    session.execute(text("LOCK TABLE readings_default IN ACCESS EXCLUSIVE MODE"))
    session.execute(
        text(f"CREATE TABLE {name} (LIKE readings INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    )
    session.execute(
        text(
            "WITH moved AS (DELETE FROM readings_default"
            f" WHERE ts >= :start AND ts < :end RETURNING *) INSERT INTO {name}"
            " SELECT * FROM moved"
        ),
        {"start": start, "end": end},
    )
    session.execute(
        text(
            f"ALTER TABLE readings ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}')"
        )
    )
