"""HTTP: trained models with their cards, and what detectors expect of an asset."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from dispatch.accounts.roles import OFFICE, PLANNERS
from iot_ingest.detectors.streaming import SLOT_SECONDS, StreamingDetector
from iot_ingest.devices.queries import ensure_asset
from iot_ingest.predictions import priors, queries, service
from iot_ingest.predictions.models import DetectorState, TrainedModel
from iot_ingest.predictions.priors import Prior
from iot_ingest.predictions.schemas import (
    AssetPredictions,
    ExpectedPoint,
    ExpectedSeries,
    ModelOut,
    PriorOut,
    SurvivalPoint,
)
from kernel import clock
from kernel.auth import require
from kernel.db import get
from kernel.http import Page, Router, Session, paginate, set_etag
from kernel.principal import Principal

router = Router(prefix="/api", tags=["predictions"])

Office = Annotated[Principal, Depends(require(*OFFICE))]
Planner = Annotated[Principal, Depends(require(*PLANNERS))]


@router.get("/models")
def list_models(
    session: Session,
    planner: Planner,
    name: str | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[ModelOut]:
    statement = queries.select_models(name)
    rows, following = paginate(
        session, statement, TrainedModel.id, cursor, limit, newest_first=True
    )
    return Page(items=[ModelOut.model_validate(row) for row in rows], next_cursor=following)


@router.get("/models/{model_id}")
def get_model(session: Session, planner: Planner, model_id: UUID, response: Response) -> ModelOut:
    return _answer(get(session, TrainedModel, model_id), response)


@router.post("/models/{model_id}/promote")
def promote_model(
    session: Session, planner: Planner, model_id: UUID, response: Response
) -> ModelOut:
    """Its alerts may open work orders from now on; only with a passing card."""
    return _answer(service.promote(session, get(session, TrainedModel, model_id)), response)


@router.get("/assets/{asset_id}/predictions")
def get_predictions(
    session: Session,
    office: Office,
    asset_id: UUID,
    hours: Annotated[int, Query(ge=1, le=24 * 7)] = 24,
) -> AssetPredictions:
    ensure_asset(session, asset_id)
    until = clock.now(session)
    since = until - timedelta(hours=hours)
    states = queries.states_of_asset(session, asset_id)
    series = [_series(state, since, until) for state in states]
    prior = priors.find_prior(session, asset_id)
    return AssetPredictions(
        asset_id=asset_id,
        since=since,
        until=until,
        series=series,
        prior=_prior(prior) if prior else None,
    )


def _prior(found: Prior) -> PriorOut:
    return PriorOut(
        shape=round(found.weibull.shape, 3),
        scale_days=round(found.weibull.scale_days, 1),
        failures=found.weibull.failures,
        days_since_repair=found.days_since_repair,
        lower_days=found.lower_days,
        usual_days=found.usual_days,
        curve=[SurvivalPoint(days=days, chance=chance) for days, chance in found.curve],
    )


def _series(state: DetectorState, since: datetime, until: datetime) -> ExpectedSeries:
    detector = StreamingDetector.from_json(state.state)
    steps = int((until - since).total_seconds() / SLOT_SECONDS)
    moments = [since + timedelta(seconds=SLOT_SECONDS * step) for step in range(steps + 1)]
    return ExpectedSeries(
        device_id=state.device_id,
        metric=state.metric,
        points_seen=detector.points,
        seen_until=state.last_ts,
        alerted_at=state.alerted_at,
        expected=[
            ExpectedPoint(ts=moment, value=round(detector.expected(moment.timestamp()), 6))
            for moment in moments
        ],
    )


def _answer(model: TrainedModel, response: Response) -> ModelOut:
    set_etag(response, model.version)
    return ModelOut.model_validate(model)
