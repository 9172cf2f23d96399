"""Policies with versions, in place of one row per territory

Old code must run on the new schema: `dispatch_policies` stays for it and goes in a later release.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOVES = "draft>active,draft>retired,active>retired,retired>active"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("SELECT set_config('firstfix.actor', 'migration', true)")
    op.create_table(
        "policies",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Uuid(), sa.ForeignKey("territories.id")),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("app_now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("app_now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_policies"),
        sa.UniqueConstraint("external_id", name="uq_policies_external_id"),
        sa.UniqueConstraint("name", "number", name="uq_policies_name_number"),
        sa.CheckConstraint("number >= 1", name="ck_policies_number"),
        sa.CheckConstraint(
            "status IN ('draft', 'active', 'retired')", name="ck_policies_policystatus"
        ),
    )
    op.create_index(
        "uq_policies_active",
        "policies",
        ["territory_id"],
        unique=True,
        postgresql_where=sa.text("status = 'active'"),
        postgresql_nulls_not_distinct=True,
    )
    op.execute(
        "CREATE TRIGGER touch BEFORE UPDATE ON policies"
        " FOR EACH ROW EXECUTE FUNCTION touch_record()"
    )
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON policies"
        " FOR EACH ROW EXECUTE FUNCTION audit_record('')"
    )
    op.execute(
        "CREATE TRIGGER legal_move BEFORE UPDATE OF status ON policies"
        f" FOR EACH ROW EXECUTE FUNCTION check_move('status', '{MOVES}')"
    )
    _copy()


def _copy() -> None:
    """What was set so far, in force as the first version; what is left out takes its default."""
    op.execute(
        """
        INSERT INTO policies (name, number, territory_id, status, note, made_by, rules)
        SELECT coalesce(t.name, 'Standard'),
               row_number() OVER (PARTITION BY coalesce(t.name, 'Standard') ORDER BY p.id),
               p.territory_id, 'active', '', 'migration',
               jsonb_build_object(
                   'mode', p.mode, 'lead_minutes', p.lead_minutes,
                   'lock_technician', p.lock_technician, 'lock_day', p.lock_day,
                   'lock_time', p.lock_time, 'move_cents', p.move_cents,
                   'told_move_cents', p.told_move_cents, 'repair_budget', p.repair_budget)
          FROM dispatch_policies p LEFT JOIN territories t ON t.id = p.territory_id
        """
    )
    op.execute(
        """
        INSERT INTO policies (name, number, status, note, made_by, rules)
        SELECT 'Standard', coalesce(max(number) FILTER (WHERE name = 'Standard'), 0) + 1,
               'active', '', 'migration', '{}'
          FROM policies
        HAVING count(*) FILTER (WHERE territory_id IS NULL) = 0
        """
    )


def downgrade() -> None:
    op.drop_table("policies")
