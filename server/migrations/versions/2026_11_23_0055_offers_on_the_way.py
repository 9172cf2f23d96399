"""An offer says what way it adds, beside which job, and what is paid if that job falls away

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("offers", sa.Column("way_seconds", sa.Integer(), nullable=True))
    op.add_column("offers", sa.Column("beside_visit_id", sa.Uuid(), nullable=True))
    op.add_column(
        "offers",
        sa.Column("apart_cents", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    op.create_foreign_key(
        op.f("fk_offers_beside_visit_id_visits"), "offers", "visits", ["beside_visit_id"], ["id"]
    )
    op.create_check_constraint(op.f("ck_offers_apart_not_negative"), "offers", "apart_cents >= 0")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_offers_apart_not_negative"), "offers")
    op.drop_column("offers", "apart_cents")
    op.drop_column("offers", "beside_visit_id")
    op.drop_column("offers", "way_seconds")
