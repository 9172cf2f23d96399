"""What follows a question that nobody answers, and what calls bring

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE call_tasks
    ADD COLUMN about VARCHAR(40) DEFAULT 'no_answer' NOT NULL
        CONSTRAINT ck_call_tasks_callreason CHECK (about IN ('no_answer', 'may_fail_sooner')),
    ADD COLUMN taken_by UUID,
    ADD COLUMN taken_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN outcome VARCHAR(40) CONSTRAINT ck_call_tasks_calloutcome
        CHECK (outcome IN
            ('wants_visit', 'wants_nothing', 'told', 'not_reached', 'not_needed')),
    ADD CONSTRAINT ck_call_tasks_outcome_when_done
        CHECK (outcome IS NULL OR done_at IS NOT NULL),
    ADD CONSTRAINT ck_call_tasks_taken_has_time
        CHECK ((taken_by IS NULL) = (taken_at IS NULL));
CREATE TABLE answer_ladders (
    id UUID DEFAULT uuidv7() NOT NULL,
    danger VARCHAR(40) NOT NULL,
    steps JSONB NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_answer_ladders PRIMARY KEY (id),
    CONSTRAINT ck_answer_ladders_danger CHECK (danger IN ('none', 'gas', 'co', 'electrical')),
    CONSTRAINT uq_answer_ladders_external_id UNIQUE (external_id)
);
CREATE INDEX ix_answer_ladders_danger ON answer_ladders (danger);
CREATE TABLE answer_steps (
    id UUID DEFAULT uuidv7() NOT NULL,
    alert_id UUID NOT NULL,
    round INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind VARCHAR(40) NOT NULL,
    status VARCHAR(40) NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    paused_at TIMESTAMP WITH TIME ZONE,
    stopped_by VARCHAR(40),
    channel VARCHAR(40),
    message_id UUID,
    call_task_id UUID,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_answer_steps PRIMARY KEY (id),
    CONSTRAINT uq_answer_steps_alert_id_round_position UNIQUE (alert_id, round, position),
    CONSTRAINT ck_answer_steps_done_has_time CHECK ((status = 'done') = (done_at IS NOT NULL)),
    CONSTRAINT ck_answer_steps_paused_has_time
        CHECK ((status = 'paused') = (paused_at IS NOT NULL)),
    CONSTRAINT ck_answer_steps_stop_has_reason
        CHECK ((status = 'stopped') = (stopped_by IS NOT NULL)),
    CONSTRAINT fk_answer_steps_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id),
    CONSTRAINT ck_answer_steps_stepkind
        CHECK (kind IN ('ask', 'remind', 'second_channel', 'call', 'default')),
    CONSTRAINT ck_answer_steps_stepstatus
        CHECK (status IN ('waiting', 'done', 'skipped', 'paused', 'stopped')),
    CONSTRAINT ck_answer_steps_stopreason
        CHECK (stopped_by IN ('answered', 'ended', 'asked_anew', 'needs_review')),
    CONSTRAINT ck_answer_steps_channel CHECK (channel IN ('sms', 'email', 'push')),
    CONSTRAINT fk_answer_steps_message_id FOREIGN KEY(message_id) REFERENCES messages (id),
    CONSTRAINT fk_answer_steps_call_task_id FOREIGN KEY(call_task_id) REFERENCES call_tasks (id),
    CONSTRAINT uq_answer_steps_external_id UNIQUE (external_id)
);
CREATE TRIGGER touch BEFORE UPDATE ON answer_ladders FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON answer_ladders
        FOR EACH ROW EXECUTE FUNCTION audit_record('');
CREATE TRIGGER touch BEFORE UPDATE ON answer_steps FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON answer_steps
        FOR EACH ROW EXECUTE FUNCTION audit_record('');
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON answer_steps
        FOR EACH ROW
        EXECUTE FUNCTION check_move('status',
            'waiting>done,waiting>paused,waiting>skipped,waiting>stopped,'
            'paused>stopped,paused>waiting');
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.drop_table("answer_steps")
    op.drop_table("answer_ladders")
    op.execute("""
ALTER TABLE call_tasks
    DROP COLUMN about, DROP COLUMN taken_by, DROP COLUMN taken_at, DROP COLUMN outcome;
""")
