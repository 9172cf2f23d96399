"""Why a shift may break rules of working time, whose rules hold, and the hours agreed

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("shifts", sa.Column("override_reason", sa.Text()))
    op.add_column("technicians", sa.Column("work_country", sa.Text()))
    op.add_column("technicians", sa.Column("max_week_hours", sa.Integer()))
    op.create_check_constraint(
        op.f("ck_technicians_max_week_hours"), "technicians", "max_week_hours > 0"
    )


def downgrade() -> None:
    op.drop_column("technicians", "max_week_hours")
    op.drop_column("technicians", "work_country")
    op.drop_column("shifts", "override_reason")
