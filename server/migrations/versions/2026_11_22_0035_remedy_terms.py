"""What remedies cost and who may grant them

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

CHANGES = """
CREATE TABLE remedy_terms (
    id UUID DEFAULT uuidv7() NOT NULL,
    kind VARCHAR(40) NOT NULL,
    cost_cents INTEGER NOT NULL,
    limits JSONB NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_remedy_terms PRIMARY KEY (id),
    CONSTRAINT ck_remedy_terms_cost_not_negative CHECK (cost_cents >= 0),
    CONSTRAINT ck_remedy_terms_remedykind
        CHECK (kind IN ('priority_visit', 'loan_device', 'credit', 'workaround')),
    CONSTRAINT uq_remedy_terms_external_id UNIQUE (external_id)
);
CREATE INDEX ix_remedy_terms_kind ON remedy_terms (kind);
CREATE TRIGGER touch BEFORE UPDATE ON remedy_terms
    FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON remedy_terms
    FOR EACH ROW EXECUTE FUNCTION audit_record('');
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.drop_table("remedy_terms")
