"""Make the partitions of the coming days and remove what is kept long enough."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from iot_ingest.retention.partitions import PARTITIONED, Partitioned
from iot_ingest.retention.queries import partition_names
from kernel import clock

KEEP_MESSAGES_DAYS = 14
FORGOTTEN = (
    ("device_messages", "received_at"),
    ("device_progress", "changed_at"),
    ("dead_letters", "received_at"),
)


def make_partitions(session: Session) -> list[str]:
    """The partitions from yesterday to a week ahead; gives the names of the new ones."""
    made, today = [], clock.now(session).date()
    for cut in PARTITIONED:
        present = partition_names(session, cut.table)
        for day in cut.days_needed(today):
            if cut.name_of(day) not in present:
                _make_partition(session, cut, day)
                made.append(cut.name_of(day))
    return made


def forget_old(session: Session) -> None:
    """Drop whole days and months, and message identities that can come no more."""
    today = clock.now(session).date()
    for cut in PARTITIONED:
        for name in cut.names_to_drop(partition_names(session, cut.table), today):
            session.execute(text(f"DROP TABLE {name}"))
    for table, column in FORGOTTEN:
        session.execute(
            text(
                f"DELETE FROM {table} WHERE {column} < "
                "(SELECT clock_timestamp()) - make_interval(days => :days)"
            ),
            {"days": KEEP_MESSAGES_DAYS},
        )


def _make_partition(session: Session, cut: Partitioned, day: date) -> None:
    """Rows of that day that already wait in the default partition move into the new one."""
    name = cut.name_of(day)
    start, end = (moment.isoformat() for moment in cut.bounds(day))
    session.execute(text(f"LOCK TABLE {cut.table}_default IN ACCESS EXCLUSIVE MODE"))
    session.execute(
        text(f"CREATE TABLE {name} (LIKE {cut.table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    )
    session.execute(
        text(
            f"WITH moved AS (DELETE FROM {cut.table}_default"
            f" WHERE ts >= :start AND ts < :end RETURNING *) INSERT INTO {name}"
            " SELECT * FROM moved"
        ),
        {"start": start, "end": end},
    )
    session.execute(
        text(
            f"ALTER TABLE {cut.table} ATTACH PARTITION {name}"
            f" FOR VALUES FROM ('{start}') TO ('{end}')"
        )
    )
