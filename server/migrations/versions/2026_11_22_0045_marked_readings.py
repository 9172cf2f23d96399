"""What the quality gate remembers of each metric, and the marks it leaves

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE device_contacts ADD COLUMN habits TEXT;
CREATE TABLE reading_marks (
    device_id UUID NOT NULL,
    metric TEXT NOT NULL,
    reason TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    fell_by DOUBLE PRECISION,
    CONSTRAINT pk_reading_marks PRIMARY KEY (device_id, metric, reason, since)
);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.drop_table("reading_marks")
    op.drop_column("device_contacts", "habits")
