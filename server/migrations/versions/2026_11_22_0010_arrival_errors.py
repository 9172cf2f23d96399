"""By how much arrivals differ from the plan

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE arrival_errors (
    id SERIAL NOT NULL,
    territory_id UUID NOT NULL,
    hours VARCHAR(40) NOT NULL,
    position VARCHAR(40) NOT NULL,
    early_minutes FLOAT NOT NULL,
    usual_minutes FLOAT NOT NULL,
    late_minutes FLOAT NOT NULL,
    quantile FLOAT NOT NULL,
    arrivals INTEGER NOT NULL,
    learned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_arrival_errors PRIMARY KEY (id),
    CONSTRAINT uq_arrival_errors_territory_id_hours_position
        UNIQUE (territory_id, hours, position),
    CONSTRAINT fk_arrival_errors_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id),
    CONSTRAINT ck_arrival_errors_hours
        CHECK (hours IN ('all', 'morning', 'day', 'afternoon', 'night', 'weekend')),
    CONSTRAINT ck_arrival_errors_position CHECK (position IN ('any', 'first', 'middle', 'late'))
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE arrival_errors")
