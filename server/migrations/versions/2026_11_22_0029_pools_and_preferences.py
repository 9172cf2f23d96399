"""Talent pools, block and prefer lists, and a trigger that keeps to the blocks

Old code must run on the new schema: add first, remove in a later release.
"""

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix(".sql").read_text()


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in filter(str.strip, SQL.split(";;\n")):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER may_take ON assignments")
    op.execute("DROP FUNCTION refuse_barred_taker()")
    op.execute("DROP TABLE pool_members, talent_pools, preferences")
