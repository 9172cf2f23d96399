"""Trained models with their cards, and what detectors remember of each stream

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CHANGES = """
CREATE TABLE trained_models (
    id UUID DEFAULT uuidv7() NOT NULL,
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind VARCHAR(40) NOT NULL,
    status VARCHAR(40) NOT NULL,
    content JSONB NOT NULL,
    card JSONB NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_trained_models PRIMARY KEY (id),
    CONSTRAINT uq_trained_models_name_number UNIQUE (name, number),
    CONSTRAINT ck_trained_models_number_positive CHECK (number > 0),
    CONSTRAINT ck_trained_models_promoted_has_passing_card
        CHECK (status = 'trained' OR (card ->> 'passes')::boolean),
    CONSTRAINT ck_trained_models_modelkind CHECK (kind IN ('remaining_life')),
    CONSTRAINT ck_trained_models_modelstatus
        CHECK (status IN ('trained', 'promoted', 'retired')),
    CONSTRAINT uq_trained_models_external_id UNIQUE (external_id)
);
CREATE UNIQUE INDEX uq_trained_models_promoted ON trained_models (name)
    WHERE status = 'promoted';
CREATE TRIGGER touch BEFORE UPDATE ON trained_models
    FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON trained_models
    FOR EACH ROW EXECUTE FUNCTION audit_record('content');
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON trained_models
    FOR EACH ROW EXECUTE FUNCTION
    check_move('status', 'promoted>retired,retired>promoted,trained>promoted');
CREATE TABLE detector_states (
    device_id UUID NOT NULL,
    metric TEXT NOT NULL,
    state JSONB NOT NULL,
    last_ts TIMESTAMP WITH TIME ZONE NOT NULL,
    alerted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_detector_states PRIMARY KEY (device_id, metric),
    CONSTRAINT fk_detector_states_device_id FOREIGN KEY(device_id) REFERENCES devices (id)
);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.drop_table("detector_states")
    op.drop_table("trained_models")
