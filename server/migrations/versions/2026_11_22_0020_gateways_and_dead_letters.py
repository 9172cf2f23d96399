"""Gateways, presence, quotas and dead letters

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE devices
    ADD COLUMN gateway_id UUID,
    ADD COLUMN gateway_name TEXT,
    ADD COLUMN messages_per_minute INTEGER DEFAULT 6000 NOT NULL,
    ADD CONSTRAINT fk_devices_gateway_id FOREIGN KEY (gateway_id) REFERENCES devices (id),
    ADD CONSTRAINT uq_devices_gateway_id_gateway_name UNIQUE (gateway_id, gateway_name),
    ADD CONSTRAINT ck_devices_quota_positive CHECK (messages_per_minute > 0),
    ADD CONSTRAINT ck_devices_gateway_whole
        CHECK ((gateway_id IS NULL) = (gateway_name IS NULL));
ALTER TABLE device_contacts
    ADD COLUMN online BOOLEAN,
    ADD COLUMN minute BIGINT,
    ADD COLUMN minute_messages INTEGER DEFAULT 0 NOT NULL;
CREATE TABLE sparkplug_states (
    device_id UUID NOT NULL,
    session JSONB NOT NULL,
    rebirth_asked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sparkplug_states PRIMARY KEY (device_id),
    CONSTRAINT fk_sparkplug_states_device_id FOREIGN KEY (device_id) REFERENCES devices (id)
);
CREATE TABLE dead_letters (
    id UUID DEFAULT uuidv7() NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    device_id UUID NOT NULL,
    reason TEXT NOT NULL,
    topic TEXT NOT NULL,
    payload BYTEA NOT NULL,
    size INTEGER NOT NULL,
    CONSTRAINT pk_dead_letters PRIMARY KEY (id)
);
CREATE INDEX ix_dead_letters_received_at ON dead_letters (received_at);
CREATE INDEX ix_dead_letters_device_id ON dead_letters (device_id);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.execute("DROP TABLE dead_letters, sparkplug_states")
    op.execute(
        "ALTER TABLE device_contacts DROP COLUMN online, DROP COLUMN minute,"
        " DROP COLUMN minute_messages"
    )
    op.execute(
        "ALTER TABLE devices DROP COLUMN gateway_id, DROP COLUMN gateway_name,"
        " DROP COLUMN messages_per_minute"
    )
