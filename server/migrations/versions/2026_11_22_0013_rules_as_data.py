"""Rules of every kind as data, and what they remember

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE rules
    ADD COLUMN measure VARCHAR(40) DEFAULT 'value' NOT NULL,
    ADD COLUMN model_name TEXT,
    ADD COLUMN clear_after_seconds INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN repeat_times INTEGER DEFAULT 1 NOT NULL,
    ADD COLUMN repeat_seconds INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN rate_seconds INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN hours JSONB,
    ADD COLUMN companions JSONB DEFAULT '[]' NOT NULL,
    ADD COLUMN metrics TEXT[] DEFAULT '{}' NOT NULL,
    ADD CONSTRAINT ck_rules_measure CHECK (measure IN ('value', 'rate', 'silence', 'model')),
    ADD CONSTRAINT ck_rules_repeat_positive CHECK (repeat_times >= 1),
    ADD CONSTRAINT ck_rules_model_has_name CHECK ((measure = 'model') = (model_name IS NOT NULL));
UPDATE rules SET metrics = ARRAY[metric], version = version + 1;
CREATE INDEX ix_rules_metrics_active ON rules USING gin (metrics) WHERE active;
DROP INDEX ix_rules_metric_active;
ALTER TABLE rule_states ADD COLUMN memory JSONB;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("SELECT set_config('firstfix.actor', 'migration', true)")
    op.execute(CHANGES)


def downgrade() -> None:
    op.execute("CREATE INDEX ix_rules_metric_active ON rules (metric) WHERE active")
    op.execute("ALTER TABLE rule_states DROP COLUMN memory")
    op.execute(
        "ALTER TABLE rules DROP COLUMN metrics, DROP COLUMN companions, DROP COLUMN hours,"
        " DROP COLUMN rate_seconds, DROP COLUMN repeat_seconds, DROP COLUMN repeat_times,"
        " DROP COLUMN clear_after_seconds, DROP COLUMN model_name, DROP COLUMN measure"
    )
