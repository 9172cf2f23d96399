"""What became of remedies, and credits of customers

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE playbooks
    ADD COLUMN loan_work_type_code TEXT,
    ADD COLUMN collect_work_type_code TEXT,
    ADD COLUMN workaround JSONB;
ALTER TABLE remedies
    ADD COLUMN carried_out_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN obstacle VARCHAR(40) CONSTRAINT ck_remedies_remedyobstacle
        CHECK (obstacle IN
            ('alert_over', 'needs_review', 'work_done', 'no_loan_type', 'no_instructions')),
    ADD COLUMN order_id UUID
        CONSTRAINT fk_remedies_order_id REFERENCES work_orders (id),
    ADD COLUMN collection_order_id UUID
        CONSTRAINT fk_remedies_collection_order_id REFERENCES work_orders (id),
    ADD COLUMN instructions JSONB,
    ADD CONSTRAINT ck_remedies_carried_out_when_granted
        CHECK (carried_out_at IS NULL OR (status = 'granted' AND obstacle IS NULL));
CREATE TABLE credits (
    id UUID DEFAULT uuidv7() NOT NULL,
    customer_id UUID NOT NULL,
    alert_id UUID NOT NULL,
    amount_cents INTEGER NOT NULL,
    currency TEXT NOT NULL,
    words JSONB NOT NULL,
    status VARCHAR(40) NOT NULL,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    redeemed_at TIMESTAMP WITH TIME ZONE,
    reference TEXT,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_credits PRIMARY KEY (id),
    CONSTRAINT ck_credits_amount_positive CHECK (amount_cents > 0),
    CONSTRAINT ck_credits_redeemed_has_reference
        CHECK ((status = 'redeemed') = (redeemed_at IS NOT NULL AND reference IS NOT NULL)),
    CONSTRAINT fk_credits_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id),
    CONSTRAINT uq_credits_alert_id UNIQUE (alert_id),
    CONSTRAINT fk_credits_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id),
    CONSTRAINT ck_credits_creditstatus CHECK (status IN ('granted', 'redeemed')),
    CONSTRAINT uq_credits_external_id UNIQUE (external_id)
);
CREATE INDEX ix_credits_customer_id ON credits (customer_id);
CREATE TRIGGER touch BEFORE UPDATE ON credits FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON credits
        FOR EACH ROW EXECUTE FUNCTION audit_record('');
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON credits
        FOR EACH ROW EXECUTE FUNCTION check_move('status', 'granted>redeemed');
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.drop_table("credits")
    op.execute("""
ALTER TABLE remedies
    DROP COLUMN carried_out_at, DROP COLUMN obstacle, DROP COLUMN order_id,
    DROP COLUMN collection_order_id, DROP COLUMN instructions;
ALTER TABLE playbooks
    DROP COLUMN loan_work_type_code, DROP COLUMN collect_work_type_code, DROP COLUMN workaround;
""")
