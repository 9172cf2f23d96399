"""HTTP: readings of an asset, for charts."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from dispatch.accounts.roles import OFFICE
from iot_ingest.devices.queries import ensure_asset
from iot_ingest.readings import queries
from iot_ingest.readings.models import DeadLetter
from iot_ingest.readings.quality import Drop
from iot_ingest.readings.schemas import (
    DeadLetterOut,
    DropsOut,
    MetricsOut,
    PointOut,
    SeriesOut,
)
from kernel import clock
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal

of_assets = Router(prefix="/api/assets", tags=["readings"])
dropped = Router(prefix="/api/ingest", tags=["ingest"])

Office = Annotated[Principal, Depends(require(*OFFICE))]
Hours = Annotated[int, Query(ge=1, le=24 * 400)]


@of_assets.get("/{asset_id}/readings")
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
    points = queries.series(session, asset_id, metric, since, until)
    return SeriesOut(
        asset_id=asset_id,
        metric=metric,
        since=since,
        until=until,
        points=[PointOut.model_validate(point) for point in points],
    )


@of_assets.get("/{asset_id}/metrics")
def get_metrics(
    session: Session, office: Office, asset_id: UUID, hours: Hours = 24 * 7
) -> MetricsOut:
    ensure_asset(session, asset_id)
    since = clock.now(session) - timedelta(hours=hours)
    return MetricsOut(asset_id=asset_id, metrics=queries.metrics_of(session, asset_id, since))


@dropped.get("/drops")
def list_drops(
    session: Session, office: Office, days: Annotated[int, Query(ge=1, le=400)] = 7
) -> DropsOut:
    since = clock.now(session).date() - timedelta(days=days - 1)
    return DropsOut(days=days, dropped=queries.drops_by_reason(session, since))


@dropped.get("/dead-letters")
def list_dead_letters(
    session: Session,
    office: Office,
    device_id: UUID | None = None,
    reason: Drop | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[DeadLetterOut]:
    """Messages that were not stored, as they came, with the reason."""
    found = queries.select_dead_letters(device_id, reason)
    rows, following = paginate(session, found, DeadLetter.id, cursor, limit)
    return Page(items=[_letter(row) for row in rows], next_cursor=following)


def _letter(row: DeadLetter) -> DeadLetterOut:
    return DeadLetterOut(
        id=row.id,
        received_at=row.received_at,
        device_id=row.device_id,
        reason=row.reason,
        topic=row.topic,
        payload=row.payload.decode(errors="backslashreplace"),
        size=row.size,
    )


router = APIRouter()
router.include_router(of_assets)
router.include_router(dropped)
