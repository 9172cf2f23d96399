"""The highest sequence of a device's boot

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("device_progress", sa.Column("highest", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("device_progress", "highest")
