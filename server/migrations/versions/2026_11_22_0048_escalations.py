"""What was escalated: the inbox of the office

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

CHANGES = """
CREATE TABLE escalations (
    id UUID DEFAULT uuidv7() NOT NULL,
    kind VARCHAR(40) NOT NULL,
    alert_id UUID,
    rule_id UUID,
    territory_id UUID,
    level INTEGER NOT NULL,
    words JSONB NOT NULL,
    told INTEGER NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    settled_by TEXT,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_escalations PRIMARY KEY (id),
    CONSTRAINT ck_escalations_one_subject CHECK ((alert_id IS NULL) <> (rule_id IS NULL)),
    CONSTRAINT ck_escalations_kind_of_subject
        CHECK ((kind = 'rule_demoted') = (rule_id IS NOT NULL)),
    CONSTRAINT ck_escalations_level_positive CHECK (level > 0),
    CONSTRAINT ck_escalations_escalationkind CHECK (kind IN ('alert_unattended', 'rule_demoted')),
    CONSTRAINT fk_escalations_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id),
    CONSTRAINT fk_escalations_rule_id FOREIGN KEY(rule_id) REFERENCES rules (id),
    CONSTRAINT uq_escalations_external_id UNIQUE (external_id)
);
CREATE UNIQUE INDEX uq_escalations_alert_id ON escalations (alert_id);
CREATE UNIQUE INDEX uq_escalations_rule_open ON escalations (rule_id) WHERE settled_at IS NULL;
CREATE TRIGGER touch BEFORE UPDATE ON escalations FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON escalations
        FOR EACH ROW EXECUTE FUNCTION audit_record('');
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.drop_table("escalations")
