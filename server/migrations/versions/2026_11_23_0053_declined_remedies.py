"""Why a remedy was declined

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("remedies", sa.Column("declined_because", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_remedies_reason_when_declined"),
        "remedies",
        "declined_because IS NULL OR status = 'declined'",
    )
    op.create_index(
        "ix_remedies_proposed", "remedies", ["id"], postgresql_where=sa.text("status = 'proposed'")
    )


def downgrade() -> None:
    op.drop_index("ix_remedies_proposed", "remedies")
    op.drop_constraint(op.f("ck_remedies_reason_when_declined"), "remedies")
    op.drop_column("remedies", "declined_because")
