"""How long work takes, learned from visits; pauses stand apart from the work

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE visits ADD COLUMN paused_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE visits ADD COLUMN paused_seconds INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE visits ADD CONSTRAINT ck_visits_paused_not_negative CHECK (paused_seconds >= 0);
ALTER TABLE technicians ADD COLUMN learned_speed_pct INTEGER;
DROP TRIGGER audit ON technicians;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON technicians
    FOR EACH ROW EXECUTE FUNCTION audit_record('learned_speed_pct');
CREATE TABLE learned_durations (
    id SERIAL NOT NULL,
    work_type_id UUID NOT NULL,
    technician_id UUID,
    p50_pct FLOAT NOT NULL,
    p80_pct FLOAT NOT NULL,
    low_pct FLOAT NOT NULL,
    high_pct FLOAT NOT NULL,
    visits INTEGER NOT NULL,
    learned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_learned_durations PRIMARY KEY (id),
    CONSTRAINT uq_learned_durations_work_type_id_technician_id
        UNIQUE NULLS NOT DISTINCT (work_type_id, technician_id),
    CONSTRAINT ck_learned_durations_range
        CHECK (p50_pct BETWEEN 50 AND 200 AND p80_pct BETWEEN 50 AND 200),
    CONSTRAINT fk_learned_durations_work_type_id
        FOREIGN KEY(work_type_id) REFERENCES work_types (id),
    CONSTRAINT fk_learned_durations_technician_id
        FOREIGN KEY(technician_id) REFERENCES technicians (id)
);
CREATE TABLE learned_access (
    id SERIAL NOT NULL,
    site_id UUID,
    territory_id UUID,
    p50_minutes FLOAT NOT NULL,
    p80_minutes FLOAT NOT NULL,
    visits INTEGER NOT NULL,
    learned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_learned_access PRIMARY KEY (id),
    CONSTRAINT uq_learned_access_site_id UNIQUE (site_id),
    CONSTRAINT uq_learned_access_territory_id UNIQUE (territory_id),
    CONSTRAINT ck_learned_access_one_place CHECK ((site_id IS NULL) <> (territory_id IS NULL)),
    CONSTRAINT fk_learned_access_site_id FOREIGN KEY(site_id) REFERENCES sites (id),
    CONSTRAINT fk_learned_access_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id)
);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.execute("DROP TABLE learned_access, learned_durations")
    op.execute("DROP TRIGGER audit ON technicians")
    op.execute("ALTER TABLE technicians DROP COLUMN learned_speed_pct")
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON technicians"
        " FOR EACH ROW EXECUTE FUNCTION audit_record('')"
    )
    op.execute("ALTER TABLE visits DROP COLUMN paused_seconds, DROP COLUMN paused_at")
