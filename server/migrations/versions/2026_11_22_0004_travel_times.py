"""What road networks say, and by how much trips differ from it

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE road_times (
    network TEXT NOT NULL,
    origin BIGINT NOT NULL,
    targets BYTEA NOT NULL,
    seconds BYTEA NOT NULL,
    fetched_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_road_times PRIMARY KEY (network, origin)
);
CREATE INDEX ix_road_times_fetched_at ON road_times (fetched_at);
CREATE TABLE travel_factors (
    id UUID DEFAULT uuidv7() NOT NULL,
    territory_id UUID NOT NULL,
    source TEXT NOT NULL,
    hours VARCHAR(40) NOT NULL,
    learned FLOAT,
    low FLOAT,
    high FLOAT,
    trips INTEGER NOT NULL,
    configured FLOAT,
    learned_at TIMESTAMP WITH TIME ZONE,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_travel_factors PRIMARY KEY (id),
    CONSTRAINT uq_travel_factors_territory_id_source_hours UNIQUE (territory_id, source, hours),
    CONSTRAINT ck_travel_factors_learned CHECK (learned BETWEEN 0.2 AND 5),
    CONSTRAINT ck_travel_factors_configured CHECK (configured BETWEEN 0.2 AND 5),
    CONSTRAINT ck_travel_factors_trips CHECK (trips >= 0),
    CONSTRAINT fk_travel_factors_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id),
    CONSTRAINT ck_travel_factors_hours
        CHECK (hours IN ('all', 'morning', 'day', 'afternoon', 'night', 'weekend')),
    CONSTRAINT uq_travel_factors_external_id UNIQUE (external_id)
);
CREATE TRIGGER touch BEFORE UPDATE ON travel_factors
    FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON travel_factors
    FOR EACH ROW EXECUTE FUNCTION audit_record('');
ALTER TABLE assignments ADD COLUMN travel_estimated BOOLEAN DEFAULT false NOT NULL;
ALTER TABLE plans ADD COLUMN travel JSONB;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("ALTER TABLE plans DROP COLUMN travel")
    op.execute("ALTER TABLE assignments DROP COLUMN travel_estimated")
    op.execute("DROP TABLE travel_factors, road_times")
