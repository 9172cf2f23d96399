"""Kinds of offer, and bundles

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE offers ADD COLUMN kind VARCHAR(40) DEFAULT 'computed' NOT NULL;
ALTER TABLE offers ADD CONSTRAINT ck_offers_offerkind
    CHECK (kind IN ('computed', 'direct', 'pool', 'market', 'bundle'));
ALTER TABLE offers ADD COLUMN bundle_id UUID
    CONSTRAINT fk_offers_bundle_id REFERENCES bundles (id);
CREATE INDEX ix_offers_bundle_id ON offers (bundle_id);
CREATE TRIGGER touch BEFORE UPDATE ON bundles FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON bundles
    FOR EACH ROW EXECUTE FUNCTION audit_record('');
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    moment = sa.TIMESTAMP(timezone=True)
    op.create_table(
        "bundles",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("visit_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bundles"),
        sa.UniqueConstraint("external_id", name="uq_bundles_external_id"),
        sa.CheckConstraint("cardinality(visit_ids) >= 2", name=op.f("ck_bundles_several")),
    )
    op.execute(CHANGES)


def downgrade() -> None:
    op.execute("ALTER TABLE offers DROP COLUMN bundle_id, DROP COLUMN kind")
    op.drop_table("bundles")
