"""Models of repairs alone, and alerts of assets on which nothing is measured

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

KINDS = """
ALTER TABLE {table}
    DROP CONSTRAINT ck_{table}_modelkind,
    ADD CONSTRAINT ck_{table}_modelkind CHECK (kind IN ({kinds}))
"""
TABLES = ("trained_models", "recipes")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in TABLES:
        op.execute(KINDS.format(table=table, kinds="'remaining_life', 'failures', 'repairs'"))
    op.alter_column("alerts", "device_id", nullable=True)


def downgrade() -> None:
    op.execute("SELECT set_config('firstfix.actor', 'migration', true)")
    op.execute(
        "DELETE FROM trainings WHERE recipe_id IN (SELECT id FROM recipes WHERE kind = 'repairs')"
    )
    op.execute(
        "DELETE FROM forecasts WHERE model_id IN"
        " (SELECT id FROM trained_models WHERE kind = 'repairs')"
    )
    for table in TABLES:
        op.execute(f"DELETE FROM {table} WHERE kind = 'repairs'")
        op.execute(KINDS.format(table=table, kinds="'remaining_life', 'failures'"))
    op.alter_column("alerts", "device_id", nullable=False)
