"""Backtests of policies

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    moment = sa.TIMESTAMP(timezone=True)
    op.create_table(
        "backtests",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("policy_id", sa.Uuid(), sa.ForeignKey("policies.id"), nullable=False),
        sa.Column("baseline_id", sa.Uuid(), sa.ForeignKey("policies.id"), nullable=False),
        sa.Column("territory_id", sa.Uuid(), sa.ForeignKey("territories.id"), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("iterations", sa.Integer(), nullable=False),
        sa.Column("days", postgresql.JSONB(), nullable=False),
        sa.Column("result", postgresql.JSONB()),
        sa.Column("message", sa.Text()),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("finished_at", moment),
        sa.Column("external_id", sa.Text()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_backtests"),
        sa.UniqueConstraint("external_id", name="uq_backtests_external_id"),
        sa.CheckConstraint("to_day >= from_day", name=op.f("ck_backtests_days")),
        sa.CheckConstraint(
            "status IN ('running', 'done', 'failed')", name=op.f("ck_backtests_backteststatus")
        ),
    )
    op.create_index("ix_backtests_policy_id", "backtests", ["policy_id"])
    op.execute(
        "CREATE TRIGGER touch BEFORE UPDATE ON backtests"
        " FOR EACH ROW EXECUTE FUNCTION touch_record()"
    )
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON backtests"
        " FOR EACH ROW EXECUTE FUNCTION audit_record('days,result')"
    )
    op.execute(
        "CREATE TRIGGER legal_move BEFORE UPDATE OF status ON backtests"
        " FOR EACH ROW EXECUTE FUNCTION check_move('status', 'running>done,running>failed')"
    )


def downgrade() -> None:
    op.drop_table("backtests")
