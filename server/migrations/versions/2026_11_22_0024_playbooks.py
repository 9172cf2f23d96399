"""The decision table and remote fixes, as SQL beside this file

Old code must run on the new schema: add first, remove in a later release.
"""

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix(".sql").read_text()


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in filter(str.strip, SQL.split(";;\n")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("playbooks")
    op.execute("SELECT set_config('firstfix.actor', 'migration', true)")
    op.execute("UPDATE alerts SET answer = NULL, version = version + 1 WHERE answer = 'remote_fix'")
    op.execute(
        "ALTER TABLE alerts DROP COLUMN remote_due_at, DROP COLUMN remote_outcome,"
        " DROP COLUMN failure_curve, DROP CONSTRAINT ck_alerts_choice,"
        " ADD CONSTRAINT ck_alerts_choice CHECK (answer IN ('slot', 'ignore'))"
    )
