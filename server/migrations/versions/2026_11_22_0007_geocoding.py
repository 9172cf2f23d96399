"""What geocoders answered, and whose positions of sites are

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHANGES = """
CREATE TABLE geocoded_addresses (
    geocoder TEXT NOT NULL,
    address TEXT NOT NULL,
    places JSONB NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_geocoded_addresses PRIMARY KEY (geocoder, address)
);
CREATE INDEX ix_geocoded_addresses_geocoder_asked_at
    ON geocoded_addresses (geocoder, asked_at);
ALTER TABLE sites ADD COLUMN position_by VARCHAR(40) DEFAULT 'person' NOT NULL;
ALTER TABLE sites ADD CONSTRAINT ck_sites_positionby
    CHECK (position_by IN ('person', 'geocoder'));
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.execute("ALTER TABLE sites DROP COLUMN position_by")
    op.execute("DROP TABLE geocoded_addresses")
