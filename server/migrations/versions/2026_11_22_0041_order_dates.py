"""What the work order of an alert was last told of its time

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("alerts", sa.Column("order_dates", JSONB()))


def downgrade() -> None:
    op.drop_column("alerts", "order_dates")
