"""Commands to devices

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOVES = "queued>expired,queued>sent,sent>done,sent>expired,sent>failed"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    moment = sa.TIMESTAMP(timezone=True)
    op.create_table(
        "remote_commands",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("device_id", sa.Uuid(), sa.ForeignKey("devices.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("sent_at", moment),
        sa.Column("answered_at", moment),
        sa.Column("answer", postgresql.JSONB()),
        sa.Column("external_id", sa.Text()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remote_commands"),
        sa.UniqueConstraint("external_id", name="uq_remote_commands_external_id"),
        sa.CheckConstraint(
            "status IN ('queued', 'sent', 'done', 'failed', 'expired')",
            name=op.f("ck_remote_commands_commandstatus"),
        ),
    )
    op.create_index("ix_remote_commands_device_id", "remote_commands", ["device_id"])
    op.create_index(
        "ix_remote_commands_open",
        "remote_commands",
        ["id"],
        postgresql_where=sa.text("status IN ('queued', 'sent')"),
    )
    op.execute(
        "CREATE TRIGGER touch BEFORE UPDATE ON remote_commands"
        " FOR EACH ROW EXECUTE FUNCTION touch_record()"
    )
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON remote_commands"
        " FOR EACH ROW EXECUTE FUNCTION audit_record('')"
    )
    op.execute(
        "CREATE TRIGGER legal_move BEFORE UPDATE OF status ON remote_commands"
        f" FOR EACH ROW EXECUTE FUNCTION check_move('status', '{MOVES}')"
    )


def downgrade() -> None:
    op.drop_table("remote_commands")
