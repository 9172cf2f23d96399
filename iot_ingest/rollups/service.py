"""Sum readings up: each minute that readings came to, however late, and the hours around them."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel import clock

MINUTE = timedelta(minutes=1)
MOST_MARKS = 100_000
ONE_AT_A_TIME = 7_206_001
"""A lock: of two who sum one minute up, the one who has seen less could be last."""

LOCK = "SELECT pg_try_advisory_xact_lock(:number)"
SUM_MINUTES_UP = """
WITH taken AS (
    DELETE FROM touched_minutes WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM touched_minutes WHERE minute <= :last LIMIT :most))
    RETURNING device_id, metric, minute),
due AS (SELECT DISTINCT device_id, metric, minute FROM taken),
summed AS (
    INSERT INTO readings_by_minute AS kept
           (device_id, metric, ts, readings, mean, lowest, highest, last)
    SELECT due.device_id, due.metric, due.minute, found.*
      FROM due CROSS JOIN LATERAL (
           SELECT count(*) AS readings, avg(value), min(value), max(value),
                  (array_agg(value ORDER BY ts DESC))[1]
             FROM readings r
            WHERE r.device_id = due.device_id AND r.metric = due.metric
              AND r.ts >= due.minute AND r.ts < due.minute + interval '1 minute') AS found
     WHERE found.readings > 0
    ON CONFLICT (device_id, metric, ts) DO UPDATE
       SET readings = excluded.readings, mean = excluded.mean, lowest = excluded.lowest,
           highest = excluded.highest, last = excluded.last)
SELECT (SELECT count(*) FROM taken) AS marks, array_agg(device_id) AS devices,
       array_agg(metric) AS metrics, array_agg(hour) AS hours
  FROM (SELECT DISTINCT device_id, metric,
               date_bin('1 hour', minute, timestamptz 'epoch') AS hour FROM due) AS touched
"""
SUM_HOURS_UP = """
INSERT INTO readings_by_hour AS kept (device_id, metric, ts, readings, mean, lowest, highest, last)
SELECT due.device_id, due.metric, due.hour, found.*
  FROM unnest(:devices ::uuid[], :metrics ::text[], :hours ::timestamptz[])
       AS due (device_id, metric, hour)
 CROSS JOIN LATERAL (
       SELECT sum(readings) AS readings, sum(mean * readings) / sum(readings), min(lowest),
              max(highest), (array_agg(last ORDER BY ts DESC))[1]
         FROM readings_by_minute m
        WHERE m.device_id = due.device_id AND m.metric = due.metric
          AND m.ts >= due.hour AND m.ts < due.hour + interval '1 hour') AS found
 WHERE found.readings > 0
ON CONFLICT (device_id, metric, ts) DO UPDATE
   SET readings = excluded.readings, mean = excluded.mean, lowest = excluded.lowest,
       highest = excluded.highest, last = excluded.last
"""


def roll_up(session: Session, most: int = MOST_MARKS) -> int:
    """Sum up again what was touched and is over; gives how many marks were worked off, 0 also
    while somebody else is at it. Minutes that nobody touched are left alone."""
    if not session.scalar(text(LOCK), {"number": ONE_AT_A_TIME}):
        return 0
    last = clock.now(session) - MINUTE
    touched = session.execute(text(SUM_MINUTES_UP), {"last": last, "most": most}).one()
    if touched.marks:
        session.execute(
            text(SUM_HOURS_UP),
            {"devices": touched.devices, "metrics": touched.metrics, "hours": touched.hours},
        )
    return int(touched.marks)
