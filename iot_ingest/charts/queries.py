"""Every SELECT that a chart is drawn from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from iot_ingest.devices.models import Device
from iot_ingest.devices.queries import any_of, ids_of_asset
from iot_ingest.readings.models import Reading
from iot_ingest.rollups.levels import BUCKET, TABLE, Level, beginning, level_of
from iot_ingest.rollups.models import touched_minutes
from kernel import clock

POINTS = """
SELECT device_id, date_bin(:stride, ts, :since) AS at,
       sum(mean * readings) / sum(readings), min(lowest), max(highest)
  FROM ({summaries}
        SELECT device_id, ts, 1 AS readings, value AS mean, value AS lowest, value AS highest
          FROM readings
         WHERE device_id = ANY (:devices) AND metric = :metric AND ts >= :rest AND ts <= :until
       ) AS found
 GROUP BY device_id, at ORDER BY device_id, at
"""
SUMMARIES = """
        SELECT device_id, ts, readings, mean, lowest, highest
          FROM {table}
         WHERE device_id = ANY (:devices) AND metric = :metric AND ts >= :since AND ts < :rest
         UNION ALL
"""


@dataclass(frozen=True, slots=True)
class Point:
    """The values of one stretch of time: their mean and their extremes."""

    device_id: UUID
    ts: datetime
    value: float
    lowest: float
    highest: float


def series(
    session: Session, asset_id: UUID, metric: str, since: datetime, until: datetime
) -> tuple[Level, list[Point]]:
    """The metric of an asset's devices, some 500 points per device, each from the beginning of its
    stretch; long spans are drawn from summaries, apart from what is not summed up yet."""
    devices = ids_of_asset(session, asset_id)
    level, stride = level_of(until - since, clock.now(session) - since)
    rest, summaries = since, ""
    if level is not Level.READINGS:
        since = beginning(since, BUCKET[level])
        rest = _first_not_summed_up(session, devices, metric, until, BUCKET[level])
        summaries = SUMMARIES.format(table=TABLE[level])
    rows = session.execute(
        text(POINTS.format(summaries=summaries)),
        {
            "devices": devices,
            "metric": metric,
            "since": since,
            "rest": max(rest, since),
            "until": until,
            "stride": stride,
        },
    )
    return level, [Point(*row) for row in rows]


def _first_not_summed_up(
    session: Session, devices: list[UUID], metric: str, until: datetime, bucket: timedelta
) -> datetime:
    touched = session.scalar(
        select(func.min(touched_minutes.c.minute)).where(
            touched_minutes.c.device_id == any_of(devices), touched_minutes.c.metric == metric
        )
    )
    return beginning(until if touched is None else min(touched, until), bucket)


def metrics_of(session: Session, asset_id: UUID, since: datetime) -> list[str]:
    """The names of the metrics that an asset's devices have sent since then."""
    return list(
        session.scalars(
            select(Reading.metric)
            .join(Device, Device.id == Reading.device_id)
            .where(Device.asset_id == asset_id, Reading.ts >= since)
            .distinct()
            .order_by(Reading.metric)
        )
    )
