"""Messages that end by the clock on the wall

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("messages", sa.Column("real_expires_at", sa.TIMESTAMP(timezone=True)))


def downgrade() -> None:
    op.drop_column("messages", "real_expires_at")
