"""Forecasts of trained models, and what rules of drifts have learned

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE trained_models
    DROP CONSTRAINT ck_trained_models_modelkind,
    ADD CONSTRAINT ck_trained_models_modelkind CHECK (kind IN ('remaining_life', 'failures'));
ALTER TABLE rules ADD COLUMN together TEXT[] DEFAULT '{}' NOT NULL;
CREATE TABLE drift_states (
    rule_id UUID NOT NULL,
    asset_id UUID NOT NULL,
    state JSONB NOT NULL,
    seen_until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_drift_states PRIMARY KEY (rule_id, asset_id),
    CONSTRAINT fk_drift_states_rule_id FOREIGN KEY(rule_id) REFERENCES rules (id)
        ON DELETE CASCADE,
    CONSTRAINT fk_drift_states_asset_id FOREIGN KEY(asset_id) REFERENCES assets (id)
);
CREATE INDEX ix_drift_states_asset_id ON drift_states (asset_id);
CREATE TABLE forecasts (
    asset_id UUID NOT NULL,
    model_id UUID NOT NULL,
    made_for TIMESTAMP WITH TIME ZONE NOT NULL,
    is_known BOOLEAN NOT NULL,
    hours_left DOUBLE PRECISION,
    lower_hours DOUBLE PRECISION,
    probability DOUBLE PRECISION,
    failure_curve JSONB,
    CONSTRAINT pk_forecasts PRIMARY KEY (asset_id, model_id, made_for),
    CONSTRAINT ck_forecasts_probability_range CHECK (probability BETWEEN 0 AND 1),
    CONSTRAINT ck_forecasts_hours_in_order
        CHECK (lower_hours >= 0 AND hours_left >= lower_hours),
    CONSTRAINT fk_forecasts_asset_id FOREIGN KEY(asset_id) REFERENCES assets (id),
    CONSTRAINT fk_forecasts_model_id FOREIGN KEY(model_id) REFERENCES trained_models (id)
);
CREATE INDEX ix_forecasts_made_for ON forecasts (made_for);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.drop_table("forecasts")
    op.drop_table("drift_states")
    op.execute("SELECT set_config('firstfix.actor', 'migration', true)")
    op.execute("DELETE FROM rules WHERE model_name = 'drift'")
    op.drop_column("rules", "together")
    op.execute("DELETE FROM trained_models WHERE kind = 'failures'")
    op.execute(
        "ALTER TABLE trained_models DROP CONSTRAINT ck_trained_models_modelkind,"
        " ADD CONSTRAINT ck_trained_models_modelkind CHECK (kind IN ('remaining_life'))"
    )
