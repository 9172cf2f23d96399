"""Every SELECT on trained models and detector states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.work_orders.lifecycle import DONE_WORK_ORDERS
from dispatch.work_orders.models import WorkOrder
from iot_ingest.alerts.lifecycle import Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.devices.models import Device
from iot_ingest.predictions.lifecycle import ModelStatus
from iot_ingest.predictions.models import DetectorState, TrainedModel
from iot_ingest.readings.counters import continued
from iot_ingest.readings.models import Reading
from iot_ingest.readings.queries import falls_of
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.models import Rule
from kernel.errors import NotFound

HISTORY = timedelta(days=30)
"""How far back a detector learns when it meets a stream for the first time."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One metric of a device that has readings which its detector has not seen."""

    device_id: UUID
    asset_id: UUID
    asset_model: str
    metric: str
    seen_until: datetime | None


def select_models(name: str | None = None) -> Select[TrainedModel]:
    found = select(TrainedModel)
    return found.where(TrainedModel.name == name) if name else found


def get_model(session: Session, label: str) -> TrainedModel:
    """The model of `NAME@NUMBER`, or the newest of `NAME`. Raises NotFound."""
    name, _, number = label.partition("@")
    statement = select_models(name).order_by(TrainedModel.number.desc()).limit(1)
    if number:
        statement = statement.where(TrainedModel.number == (int(number) if number.isdigit() else 0))
    found = session.scalar(statement)
    if found is None:
        raise NotFound("model", label)
    return found


def next_number(session: Session, name: str) -> int:
    highest = session.scalar(select(func.max(TrainedModel.number)).filter_by(name=name))
    return (highest or 0) + 1


def find_promoted(session: Session, name: str) -> TrainedModel | None:
    return session.scalar(
        select_models(name).where(TrainedModel.status == ModelStatus.PROMOTED).with_for_update()
    )


def find_promoted_id(session: Session, name: str) -> UUID | None:
    """Which number is at work at this moment; locks nothing."""
    return session.scalar(
        select(TrainedModel.id).where(
            TrainedModel.name == name, TrainedModel.status == ModelStatus.PROMOTED
        )
    )


def find_in_use(session: Session, name: str) -> TrainedModel | None:
    """The promoted number of that name, else the newest."""
    is_promoted = TrainedModel.status == ModelStatus.PROMOTED
    return session.scalar(
        select_models(name).order_by(is_promoted.desc(), TrainedModel.number.desc()).limit(1)
    )


def may_open_orders(session: Session, model_name: str) -> bool:
    """Whether a training of that model is promoted: only one with a passing card can be."""
    statement = select(TrainedModel.id).where(
        TrainedModel.name == model_name, TrainedModel.status == ModelStatus.PROMOTED
    )
    return session.scalar(statement) is not None


def list_rules_of(session: Session, model_name: str) -> list[Rule]:
    statement = select(Rule).where(
        Rule.active, Rule.measure == Measure.MODEL, Rule.model_name == model_name
    )
    return list(session.scalars(statement.order_by(Rule.id)))


def list_unseen(session: Session, rules: Sequence[Rule], now: datetime, limit: int) -> list[Stream]:
    """Streams that one of the rules watches, those longest unseen first."""
    if not rules:
        return []
    rows = session.execute(
        text(
            """
            SELECT DISTINCT d.id, d.asset_id, a.model, w.metric, s.last_ts
              FROM unnest(:metrics ::text[], :models ::text[]) AS w (metric, model)
              JOIN assets a ON w.model IS NULL OR a.model = w.model
              JOIN devices d ON d.asset_id = a.id
              LEFT JOIN detector_states s ON s.device_id = d.id AND s.metric = w.metric
             WHERE EXISTS (SELECT FROM readings r
                            WHERE r.device_id = d.id AND r.metric = w.metric
                              AND r.ts > coalesce(s.last_ts, :since))
             ORDER BY s.last_ts NULLS FIRST, d.id, w.metric
             LIMIT :limit
            """
        ),
        {
            "metrics": [rule.metric for rule in rules],
            "models": [rule.model for rule in rules],
            "since": now - HISTORY,
            "limit": limit,
        },
    )
    return [Stream(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def readings_after(
    session: Session, stream: Stream, since: datetime, limit: int
) -> list[tuple[datetime, float]]:
    """In order of time; counters go on where they were when they begin anew."""
    rows = session.execute(
        select(Reading.ts, Reading.value)
        .where(
            Reading.device_id == stream.device_id,
            Reading.metric == stream.metric,
            Reading.ts > since,
        )
        .order_by(Reading.ts)
        .limit(limit)
    )
    falls = falls_of(session, [stream.device_id], [stream.metric])
    return list(
        continued(
            ((row.ts, row.value) for row in rows), falls.get((stream.device_id, stream.metric), [])
        )
    )


def metrics_alerted(session: Session, asset_id: UUID, since: datetime) -> dict[str, datetime]:
    """The metrics of the asset whose detectors gave an alert since then, and when."""
    rows = session.execute(
        select(DetectorState.metric, func.max(DetectorState.alerted_at))
        .join(Device, Device.id == DetectorState.device_id)
        .where(Device.asset_id == asset_id, DetectorState.alerted_at >= since)
        .group_by(DetectorState.metric)
    )
    return {metric: at for metric, at in rows if at is not None}


def repairs_of_model(
    session: Session, model: str, since: datetime
) -> dict[UUID, tuple[datetime, list[datetime]]]:
    """Per asset of the model: since when it is watched, and when its faults were reported that
    were repaired, in order."""
    assets = session.execute(select(Asset.id, Asset.created_at).where(Asset.model == model))
    found: dict[UUID, tuple[datetime, list[datetime]]] = {
        asset_id: (max(since, created), []) for asset_id, created in assets
    }
    refuted = exists().where(
        Alert.id == WorkOrder.alert_id, Alert.disposition == Disposition.FALSE_ALARM
    )
    rows = session.execute(
        select(WorkOrder.asset_id, WorkOrder.reported_at)
        .join(Asset, Asset.id == WorkOrder.asset_id)
        .where(
            Asset.model == model,
            WorkOrder.fault_class.is_not(None),
            WorkOrder.status.in_(DONE_WORK_ORDERS),
            WorkOrder.reported_at >= since,
            ~refuted,
        )
        .order_by(WorkOrder.reported_at)
    )
    for asset_id, reported_at in rows:
        if asset_id is not None:
            found[asset_id][1].append(reported_at)
    return found


def states_of_asset(session: Session, asset_id: UUID) -> list[DetectorState]:
    return list(
        session.scalars(
            select(DetectorState)
            .join(Device, Device.id == DetectorState.device_id)
            .where(Device.asset_id == asset_id)
            .order_by(DetectorState.metric, DetectorState.device_id)
        )
    )
