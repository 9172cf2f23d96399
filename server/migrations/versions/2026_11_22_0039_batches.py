"""Requests for freelancers, collected in a surge

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    moment = sa.TIMESTAMP(timezone=True)
    op.create_table(
        "match_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", moment, nullable=False),
        sa.Column("matched_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_match_requests"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_match_requests_visit_id"),
    )
    op.create_index("ix_match_requests_requested_at", "match_requests", ["requested_at"])
    op.create_index(
        "uq_match_requests_waiting",
        "match_requests",
        ["visit_id"],
        unique=True,
        postgresql_where=sa.text("matched_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("match_requests")
