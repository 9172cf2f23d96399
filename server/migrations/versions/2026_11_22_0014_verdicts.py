"""Verdicts on alerts, and the standing of the rules that raised them

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE rules
    ADD COLUMN precision_floor FLOAT DEFAULT 0.5 NOT NULL,
    ADD COLUMN weekly_budget INTEGER,
    ADD COLUMN standing VARCHAR(40) DEFAULT 'trusted' NOT NULL,
    ADD COLUMN standing_reason JSONB,
    ADD COLUMN judged_since TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT ck_rules_standing CHECK (standing IN ('trusted', 'triage')),
    ADD CONSTRAINT ck_rules_floor_is_share CHECK (precision_floor BETWEEN 0 AND 1),
    ADD CONSTRAINT ck_rules_budget_not_negative CHECK (weekly_budget >= 0),
    ADD CONSTRAINT ck_rules_danger_is_trusted CHECK (standing = 'trusted' OR danger = 'none');
ALTER TABLE alerts
    ADD COLUMN triage_reason VARCHAR(40),
    ADD COLUMN reviewed_at TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT ck_alerts_triagereason
        CHECK (triage_reason IN ('low_precision', 'over_budget', 'no_card')),
    ADD CONSTRAINT ck_alerts_danger_needs_no_review
        CHECK (triage_reason IS NULL OR danger = 'none');
CREATE TABLE verdicts (
    id UUID DEFAULT uuidv7() NOT NULL,
    alert_id UUID NOT NULL,
    rule_id UUID NOT NULL,
    asset_id UUID NOT NULL,
    found VARCHAR(40) NOT NULL,
    judged_by VARCHAR(40) NOT NULL,
    visit_id UUID,
    truck_rolled BOOLEAN NOT NULL,
    had_failed BOOLEAN NOT NULL,
    lead_minutes INTEGER,
    judged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_verdicts PRIMARY KEY (id),
    CONSTRAINT ck_verdicts_lead_not_negative CHECK (lead_minutes >= 0),
    CONSTRAINT uq_verdicts_alert_id UNIQUE (alert_id),
    CONSTRAINT fk_verdicts_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id),
    CONSTRAINT fk_verdicts_rule_id FOREIGN KEY(rule_id) REFERENCES rules (id),
    CONSTRAINT fk_verdicts_asset_id FOREIGN KEY(asset_id) REFERENCES assets (id),
    CONSTRAINT ck_verdicts_faultfound
        CHECK (found IN ('true_fault', 'false_alarm', 'other_fault')),
    CONSTRAINT ck_verdicts_judgedby
        CHECK (judged_by IN ('technician', 'office', 'remote_fix')),
    CONSTRAINT fk_verdicts_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id),
    CONSTRAINT uq_verdicts_external_id UNIQUE (external_id)
);
CREATE INDEX ix_verdicts_rule_id_verdicts_judged_at ON verdicts (rule_id, judged_at);
CREATE INDEX ix_verdicts_asset_id ON verdicts (asset_id);
CREATE TRIGGER touch BEFORE UPDATE ON verdicts FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON verdicts
    FOR EACH ROW EXECUTE FUNCTION audit_record('');
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.drop_table("verdicts")
    op.execute("ALTER TABLE alerts DROP COLUMN reviewed_at, DROP COLUMN triage_reason")
    op.execute(
        "ALTER TABLE rules DROP COLUMN judged_since, DROP COLUMN standing_reason,"
        " DROP COLUMN standing, DROP COLUMN weekly_budget, DROP COLUMN precision_floor"
    )
