"""Readings summed up by minute and by hour

Sums up what is stored already, which holds ingest up meanwhile: some minutes for a hundred million
readings. Old code must run on the new schema: the trigger marks what it stores, too.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SUMMARY = """
CREATE TABLE {name} (
    device_id UUID NOT NULL,
    metric TEXT NOT NULL,
    ts TIMESTAMP WITH TIME ZONE NOT NULL,
    readings INTEGER NOT NULL,
    mean FLOAT NOT NULL,
    lowest FLOAT NOT NULL,
    highest FLOAT NOT NULL,
    last FLOAT NOT NULL,
    CONSTRAINT pk_{name} PRIMARY KEY (device_id, metric, ts)
) PARTITION BY RANGE (ts);
CREATE TABLE {name}_default PARTITION OF {name} DEFAULT;
"""
MARKS = """
CREATE TABLE touched_minutes (
    device_id UUID NOT NULL,
    metric TEXT NOT NULL,
    minute TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE FUNCTION mark_touched_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO touched_minutes
    SELECT DISTINCT device_id, metric, date_bin('1 minute', ts, timestamptz 'epoch') FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER mark_touched_minutes AFTER INSERT ON readings REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mark_touched_minutes();
"""
# Sums of values near the ends of the range would overflow; no sensor measures such.
SUM_UP = """
INSERT INTO {name} (device_id, metric, ts, readings, mean, lowest, highest, last)
SELECT device_id, metric, date_bin('{bucket}', ts, timestamptz 'epoch'), count(*), avg(value),
       min(value), max(value), (array_agg(value ORDER BY ts DESC))[1]
  FROM readings WHERE abs(value) <= 1e100 GROUP BY 1, 2, 3
"""
LEVELS = {"readings_by_minute": "1 minute", "readings_by_hour": "1 hour"}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for name in LEVELS:
        op.execute(SUMMARY.format(name=name))
    op.execute(MARKS)
    for name, bucket in LEVELS.items():
        op.execute(SUM_UP.format(name=name, bucket=bucket))


def downgrade() -> None:
    op.execute("DROP TRIGGER mark_touched_minutes ON readings")
    op.execute("DROP FUNCTION mark_touched_minutes")
    op.execute("DROP TABLE touched_minutes, readings_by_hour, readings_by_minute")
