"""HTTP: readings of an asset, for charts."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import OFFICE
from iot_ingest.charts import queries
from iot_ingest.charts.schemas import MetricsOut, PointOut, SeriesOut
from iot_ingest.devices.queries import ensure_asset
from kernel import clock
from kernel.auth import require
from kernel.http import Router, Session
from kernel.principal import Principal

router = Router(prefix="/api/assets", tags=["readings"])

Office = Annotated[Principal, Depends(require(*OFFICE))]
Hours = Annotated[int, Query(ge=1, le=24 * 3_660)]


@router.get("/{asset_id}/readings")
def get_series(
    session: Session,
    office: Office,
    asset_id: UUID,
    metric: Annotated[str, Query(min_length=1, max_length=63)],
    hours: Hours = 24,
) -> SeriesOut:
    ensure_asset(session, asset_id)
    until = clock.now(session)
    since = until - timedelta(hours=hours)
    level, points = queries.series(session, asset_id, metric, since, until)
    return SeriesOut(
        asset_id=asset_id,
        metric=metric,
        since=since,
        until=until,
        level=level,
        points=[PointOut.model_validate(point) for point in points],
    )


@router.get("/{asset_id}/metrics")
def get_metrics(
    session: Session, office: Office, asset_id: UUID, hours: Hours = 24 * 7
) -> MetricsOut:
    ensure_asset(session, asset_id)
    since = clock.now(session) - timedelta(hours=hours)
    return MetricsOut(asset_id=asset_id, metrics=queries.metrics_of(session, asset_id, since))
