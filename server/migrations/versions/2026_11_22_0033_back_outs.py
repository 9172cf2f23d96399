"""Steps of notice, fees for not coming, and who said to be late

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KINDS = "'pay', 'call_out', 'cancellation', 'back_out', {}'adjustment', 'bonus', 'expense'"
RULES = "'pay', 'call_out', 'cancellation', 'back_out'"
TERMS = """
ALTER TABLE pay_terms ADD COLUMN cancel_steps JSONB DEFAULT '[]' NOT NULL;
ALTER TABLE pay_terms ADD COLUMN back_out_steps JSONB DEFAULT '[]' NOT NULL;
ALTER TABLE pay_terms ADD COLUMN no_show_pct INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE pay_terms ADD CONSTRAINT ck_pay_terms_no_show CHECK (no_show_pct BETWEEN 0 AND 100);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(TERMS)
    _kinds("'no_show', ")
    moment = sa.TIMESTAMP(timezone=True)
    op.create_table(
        "late_notices",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("arrives_at", moment, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_late_notices"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_late_notices_visit_id"),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name="fk_late_notices_technician_id"
        ),
        sa.UniqueConstraint("external_id", name="uq_late_notices_external_id"),
    )
    op.create_index("ix_late_notices_visit_id_id", "late_notices", ["visit_id", "id"])
    op.execute(
        "CREATE TRIGGER touch BEFORE UPDATE ON late_notices"
        " FOR EACH ROW EXECUTE FUNCTION touch_record()"
    )
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON late_notices"
        " FOR EACH ROW EXECUTE FUNCTION audit_record('')"
    )


def downgrade() -> None:
    op.drop_table("late_notices")
    _kinds("")
    op.execute(
        "ALTER TABLE pay_terms DROP COLUMN no_show_pct, DROP COLUMN back_out_steps,"
        " DROP COLUMN cancel_steps"
    )


def _kinds(more: str) -> None:
    """The kinds of payout: `more` of them follow from what happened and can be below zero."""
    also = f", {more.strip(', ')}" if more else ""
    op.execute("ALTER TABLE payouts DROP CONSTRAINT ck_payouts_payoutkind")
    op.execute("ALTER TABLE payouts DROP CONSTRAINT ck_payouts_amount")
    op.execute("DROP INDEX uq_payouts_by_rule")
    op.execute(
        "ALTER TABLE payouts ADD CONSTRAINT ck_payouts_payoutkind"
        f" CHECK (kind IN ({KINDS.format(more)}))"
    )
    op.execute(
        "ALTER TABLE payouts ADD CONSTRAINT ck_payouts_amount CHECK (amount_cents > 0"
        f" OR (amount_cents < 0 AND kind IN ('adjustment', 'back_out'{also})))"
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_payouts_by_rule ON payouts (visit_id, technician_id, kind)"
        f" WHERE status <> 'reversed' AND kind IN ({RULES}{also})"
    )
