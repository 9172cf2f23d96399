"""Depots with opening hours and stock, and the tools that work needs

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CHANGES = """
CREATE TABLE depots (
    id UUID DEFAULT uuidv7() NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    latitude FLOAT NOT NULL,
    longitude FLOAT NOT NULL,
    time_zone TEXT NOT NULL,
    territory_id UUID,
    weekly JSONB NOT NULL,
    service_minutes INTEGER NOT NULL,
    tools TEXT[] NOT NULL,
    active BOOLEAN NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_depots PRIMARY KEY (id),
    CONSTRAINT uq_depots_name UNIQUE (name),
    CONSTRAINT uq_depots_external_id UNIQUE (external_id),
    CONSTRAINT fk_depots_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id),
    CONSTRAINT ck_depots_service_positive CHECK (service_minutes > 0),
    CONSTRAINT ck_depots_latitude CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT ck_depots_longitude CHECK (longitude BETWEEN -180 AND 180)
);
CREATE INDEX ix_depots_territory_id ON depots (territory_id);
CREATE TRIGGER touch BEFORE UPDATE ON depots FOR EACH ROW EXECUTE FUNCTION touch_record();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON depots
    FOR EACH ROW EXECUTE FUNCTION audit_record('');
ALTER TABLE stocks ADD COLUMN depot_id UUID;
ALTER TABLE stocks ADD CONSTRAINT fk_stocks_depot_id
    FOREIGN KEY(depot_id) REFERENCES depots (id);
ALTER TABLE stocks ADD CONSTRAINT ck_stocks_one_place
    CHECK (technician_id IS NULL OR depot_id IS NULL);
ALTER TABLE stocks ADD CONSTRAINT uq_stocks_part_id_technician_id_depot_id
    UNIQUE NULLS NOT DISTINCT (part_id, technician_id, depot_id);
ALTER TABLE stocks DROP CONSTRAINT uq_stocks_part_id_technician_id;
CREATE INDEX ix_stocks_depot_id ON stocks (depot_id);
ALTER TABLE assignments ADD COLUMN depot_id UUID;
ALTER TABLE assignments ADD CONSTRAINT fk_assignments_depot_id
    FOREIGN KEY(depot_id) REFERENCES depots (id);
ALTER TABLE work_types ADD COLUMN tools TEXT[] DEFAULT '{}' NOT NULL;
ALTER TABLE visits ADD COLUMN tools TEXT[] DEFAULT '{}' NOT NULL;
ALTER TABLE technicians ADD COLUMN tools TEXT[] DEFAULT '{}' NOT NULL;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    for table in ("technicians", "visits", "work_types"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN tools")
    op.execute("ALTER TABLE assignments DROP COLUMN depot_id")
    op.execute("DELETE FROM stocks WHERE depot_id IS NOT NULL")
    op.execute("ALTER TABLE stocks DROP COLUMN depot_id")
    op.execute(
        "ALTER TABLE stocks ADD CONSTRAINT uq_stocks_part_id_technician_id"
        " UNIQUE NULLS NOT DISTINCT (part_id, technician_id)"
    )
    op.execute("DROP TABLE depots")
