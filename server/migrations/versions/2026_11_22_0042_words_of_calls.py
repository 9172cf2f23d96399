"""Why somebody must be phoned, in more than one language

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    words = sa.Column("words", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)
    op.add_column("call_tasks", words)


def downgrade() -> None:
    op.drop_column("call_tasks", "words")
