"""Certificates of devices

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    moment = sa.TIMESTAMP(timezone=True)
    op.create_table(
        "device_certificates",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("device_id", sa.Uuid(), sa.ForeignKey("devices.id"), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("not_before", moment, nullable=False),
        sa.Column("not_after", moment, nullable=False),
        sa.Column("revoked_at", moment),
        sa.Column("reminders", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_device_certificates"),
        sa.UniqueConstraint("serial", name="uq_device_certificates_serial"),
        sa.UniqueConstraint("external_id", name="uq_device_certificates_external_id"),
        sa.CheckConstraint(
            "status IN ('active', 'revoked')",
            name=op.f("ck_device_certificates_certificatestatus"),
        ),
    )
    op.create_index("ix_device_certificates_device_id", "device_certificates", ["device_id"])
    op.create_index("ix_device_certificates_not_after", "device_certificates", ["not_after"])
    op.execute(
        "CREATE TRIGGER touch BEFORE UPDATE ON device_certificates"
        " FOR EACH ROW EXECUTE FUNCTION touch_record()"
    )
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON device_certificates"
        " FOR EACH ROW EXECUTE FUNCTION audit_record('')"
    )
    op.execute(
        "CREATE TRIGGER legal_move BEFORE UPDATE OF status ON device_certificates"
        " FOR EACH ROW EXECUTE FUNCTION check_move('status', 'active>revoked')"
    )


def downgrade() -> None:
    op.drop_table("device_certificates")
