"""Learned chances of a yes, and who was considered for each wave

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE offers ADD COLUMN answered_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE offers ADD COLUMN accept_pct INTEGER;
ALTER TABLE offers ADD COLUMN show_pct INTEGER;
CREATE TABLE learned_chances (
    id SERIAL NOT NULL,
    kind TEXT NOT NULL,
    technician_id UUID,
    values JSONB NOT NULL,
    learned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_learned_chances PRIMARY KEY (id),
    CONSTRAINT uq_learned_chances_kind_technician_id
        UNIQUE NULLS NOT DISTINCT (kind, technician_id),
    CONSTRAINT ck_learned_chances_kind CHECK (kind IN ('accept', 'show')),
    CONSTRAINT fk_learned_chances_technician_id
        FOREIGN KEY(technician_id) REFERENCES technicians (id)
);
CREATE TABLE considerations (
    id BIGSERIAL NOT NULL,
    visit_id UUID NOT NULL,
    technician_id UUID NOT NULL,
    wave INTEGER NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    code TEXT NOT NULL,
    sentence TEXT NOT NULL,
    gained FLOAT,
    CONSTRAINT pk_considerations PRIMARY KEY (id),
    CONSTRAINT fk_considerations_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id),
    CONSTRAINT fk_considerations_technician_id
        FOREIGN KEY(technician_id) REFERENCES technicians (id)
);
CREATE INDEX ix_considerations_visit_id ON considerations (visit_id);
CREATE INDEX ix_considerations_technician_id_decided_at
    ON considerations (technician_id, decided_at);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.execute("DROP TABLE considerations, learned_chances")
    op.execute("ALTER TABLE offers DROP COLUMN show_pct, DROP COLUMN accept_pct")
    op.execute("ALTER TABLE offers DROP COLUMN answered_at")
