"""Recipes of models and their trainings

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

CHANGES = """
CREATE TABLE recipes (
    id UUID DEFAULT uuidv7() NOT NULL,
    name TEXT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    asset_models TEXT[] NOT NULL,
    metrics TEXT[] NOT NULL,
    cycle_minutes INTEGER NOT NULL,
    fault_class TEXT,
    every_days INTEGER NOT NULL,
    fewest_new INTEGER NOT NULL,
    promotion VARCHAR(40) NOT NULL,
    active BOOLEAN NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_recipes PRIMARY KEY (id),
    CONSTRAINT uq_recipes_name UNIQUE (name),
    CONSTRAINT uq_recipes_external_id UNIQUE (external_id),
    CONSTRAINT ck_recipes_cycle_positive CHECK (cycle_minutes > 0),
    CONSTRAINT ck_recipes_days_positive CHECK (every_days > 0),
    CONSTRAINT ck_recipes_fewest_not_negative CHECK (fewest_new >= 0),
    CONSTRAINT ck_recipes_modelkind CHECK (kind IN ('remaining_life', 'failures')),
    CONSTRAINT ck_recipes_promotion CHECK (promotion IN ('by_person', 'automatic'))
);
CREATE TRIGGER touch BEFORE UPDATE ON recipes
    FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON recipes
    FOR EACH ROW EXECUTE FUNCTION audit_record('');
CREATE TABLE trainings (
    id UUID DEFAULT uuidv7() NOT NULL,
    recipe_id UUID NOT NULL,
    status VARCHAR(40) NOT NULL,
    step VARCHAR(40),
    progress DOUBLE PRECISION NOT NULL,
    labels INTEGER,
    model_id UUID,
    reason JSONB,
    requested_by TEXT NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_trainings PRIMARY KEY (id),
    CONSTRAINT uq_trainings_external_id UNIQUE (external_id),
    CONSTRAINT ck_trainings_progress_is_share CHECK (progress BETWEEN 0 AND 1),
    CONSTRAINT ck_trainings_ended_has_time
        CHECK ((status IN ('waiting', 'running')) = (finished_at IS NULL)),
    CONSTRAINT ck_trainings_trainingstatus
        CHECK (status IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT ck_trainings_trainingstep CHECK (step IN ('reading', 'backtest', 'comparison')),
    CONSTRAINT fk_trainings_recipe_id FOREIGN KEY(recipe_id) REFERENCES recipes (id),
    CONSTRAINT fk_trainings_model_id FOREIGN KEY(model_id) REFERENCES trained_models (id)
);
CREATE UNIQUE INDEX uq_trainings_open ON trainings (recipe_id)
    WHERE status IN ('waiting', 'running');
CREATE INDEX ix_trainings_recipe_id_created_at ON trainings (recipe_id, created_at);
CREATE TRIGGER touch BEFORE UPDATE ON trainings
    FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON trainings
    FOR EACH ROW EXECUTE FUNCTION audit_record('');
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON trainings
    FOR EACH ROW EXECUTE FUNCTION
    check_move('status',
    'waiting>cancelled,waiting>failed,waiting>running,'
    'running>cancelled,running>done,running>failed');
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.drop_table("trainings")
    op.drop_table("recipes")
