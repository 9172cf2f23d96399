"""Incidents, silences, inhibitions and the timers of alerts, as SQL beside this file

Old code must run on the new schema: add first, remove in a later release.
"""

from pathlib import Path

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix(".sql").read_text()


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in filter(str.strip, SQL.split(";;\n")):
        op.execute(statement)


def downgrade() -> None:
    for table in ("incident_alerts", "incidents", "inhibitions", "silences"):
        op.drop_table(table)
    op.execute(
        "ALTER TABLE alerts DROP COLUMN last_seen_at, DROP COLUMN escalation_level,"
        " DROP COLUMN inhibited_by, DROP COLUMN quiet_until, DROP COLUMN quiet_reason"
    )
    op.execute("ALTER TABLE rules DROP COLUMN auto_clear_hours")
