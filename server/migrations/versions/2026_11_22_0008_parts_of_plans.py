"""Large plans are solved in parts

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    ids = postgresql.ARRAY(sa.Uuid())
    op.add_column("plans", sa.Column("parent_id", sa.Uuid()))
    op.add_column(
        "plans", sa.Column("open_parts", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "plans", sa.Column("is_border", sa.Boolean(), nullable=False, server_default="false")
    )
    op.add_column("plans", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("plans", sa.Column("technician_ids", ids, nullable=False, server_default="{}"))
    op.create_foreign_key(op.f("fk_plans_parent_id"), "plans", "plans", ["parent_id"], ["id"])
    op.create_check_constraint(op.f("ck_plans_open_parts"), "plans", "open_parts >= 0")
    op.create_index(
        op.f("ix_plans_parent_id"),
        "plans",
        ["parent_id"],
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_plans_parent_id"), "plans")
    for name in ("technician_ids", "tries", "is_border", "open_parts", "parent_id"):
        op.drop_column("plans", name)
