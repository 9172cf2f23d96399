"""Every SELECT on forecasts and on the histories they are made of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.work_orders.lifecycle import DONE_WORK_ORDERS
from dispatch.work_orders.models import WorkOrder, WorkType
from iot_ingest.alerts.lifecycle import AlertStatus, Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.devices.models import Device
from iot_ingest.forecasts.histories import Facts, Service
from iot_ingest.forecasts.models import Forecast
from iot_ingest.forecasts.subjects import HOUR
from iot_ingest.learning.lifecycle import FaultFound
from iot_ingest.learning.models import Verdict
from iot_ingest.predictions.lifecycle import DETECTORS
from iot_ingest.readings.means import Mean
from iot_ingest.readings.models import Reading
from iot_ingest.readings.queries import EPOCH, means
from iot_ingest.rollups.levels import KEEP_DAYS, Level, beginning
from iot_ingest.rollups.models import HourSummary
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.models import Rule
from kernel import clock

AT_ONCE = 200
OTHER = "other"
READINGS_KEPT = timedelta(days=KEEP_DAYS[Level.READINGS] - 10)


@dataclass(frozen=True, slots=True)
class DueAsset:
    """An asset with readings that its model has not seen; `device_id` sent the last of them, None
    where nothing is measured."""

    asset_id: UUID
    asset_model: str
    device_id: UUID | None
    last_ts: datetime


def list_rules(session: Session) -> list[Rule]:
    """Those that name a trained model, not a detector."""
    statement = select(Rule).where(
        Rule.active, Rule.measure == Measure.MODEL, Rule.model_name.not_in(DETECTORS)
    )
    return list(session.scalars(statement.order_by(Rule.model_name, Rule.id)))


def list_due(
    session: Session,
    model_id: UUID,
    asset_models: Collection[str] | None,
    metrics: Sequence[str],
    *,
    since: datetime,
    until: datetime,
    known_before: timedelta,
    only_errors: bool,
) -> list[DueAsset]:
    """Assets with readings in `[since, until)` that came after the last forecast; that one knew
    all until `known_before` its own time. Those without any forecast come first."""
    rows = session.execute(
        text(
            """
            SELECT a.id, a.model, r.device_id, r.ts
              FROM assets a
              LEFT JOIN LATERAL (
                   SELECT f.made_for FROM forecasts f
                    WHERE f.asset_id = a.id AND f.model_id = :model
                    ORDER BY f.made_for DESC LIMIT 1) last ON true
              JOIN LATERAL (
                   SELECT r.device_id, r.ts FROM devices d
                     JOIN readings r ON r.device_id = d.id
                    WHERE d.asset_id = a.id AND r.metric = ANY (:metrics ::text[])
                      AND r.ts >= greatest(:since, last.made_for - :known_before)
                      AND r.ts < :until AND (NOT :only_errors OR r.value <> 0)
                    ORDER BY r.ts DESC LIMIT 1) r ON true
             WHERE :any_model OR a.model = ANY (:models ::text[])
             ORDER BY last.made_for NULLS FIRST, a.id
             LIMIT :limit
            """
        ),
        {
            "model": model_id,
            "any_model": asset_models is None,
            "models": sorted(asset_models or ()),
            "metrics": list(metrics),
            "since": since,
            "until": until,
            "known_before": known_before,
            "only_errors": only_errors,
            "limit": AT_ONCE,
        },
    )
    return [DueAsset(*row) for row in rows]


def list_unmeasured(
    session: Session,
    model_id: UUID,
    asset_models: Collection[str],
    *,
    now: datetime,
    heard_since: datetime,
    told_since: datetime,
) -> list[DueAsset]:
    """Assets of these models whose devices, if any, have been silent since `heard_since`, and of
    which this model has said nothing since `told_since`."""
    rows = session.execute(
        text(
            """
            SELECT a.id, a.model FROM assets a
             WHERE a.model = ANY (:models ::text[])
               AND NOT EXISTS (SELECT FROM devices d
                                 JOIN device_contacts c ON c.device_id = d.id
                                WHERE d.asset_id = a.id AND c.last_seen_at >= :heard_since)
               AND NOT EXISTS (SELECT FROM forecasts f
                                WHERE f.asset_id = a.id AND f.model_id = :model
                                  AND f.made_for > :told_since)
             ORDER BY a.id
             LIMIT :limit
            """
        ),
        {
            "models": sorted(asset_models),
            "model": model_id,
            "heard_since": heard_since,
            "told_since": told_since,
            "limit": AT_ONCE,
        },
    )
    return [DueAsset(asset_id, model, None, now) for asset_id, model in rows]


def cycles_of(
    session: Session,
    asset_id: UUID,
    metrics: Sequence[str],
    cycle: timedelta,
    since: datetime,
    until: datetime,
) -> list[Mean]:
    """Means per cycle and metric, in order of time. What is older than readings are kept comes from
    the summaries by hour, where a cycle is whole hours."""
    edge = _kept_since(session, cycle)
    older: list[Mean] = []
    if since < edge and cycle % HOUR == timedelta(0):
        begin = func.date_bin(cycle, HourSummary.ts, EPOCH).label("begin")
        total = func.sum(HourSummary.mean * HourSummary.readings)
        rows = session.execute(
            select(begin, HourSummary.metric, total / func.sum(HourSummary.readings))
            .join(Device, Device.id == HourSummary.device_id)
            .where(
                Device.asset_id == asset_id,
                HourSummary.metric.in_(metrics),
                HourSummary.ts >= since,
                HourSummary.ts < min(edge, until),
            )
            .group_by(begin, HourSummary.metric)
            .order_by(begin, HourSummary.metric)
        )
        older = [Mean(*row) for row in rows]
    return older + means(session, asset_id, metrics, cycle, max(since, edge), until)


def errors_of(
    session: Session, asset_id: UUID, metrics: Sequence[str], since: datetime, until: datetime
) -> list[tuple[datetime, str]]:
    """When each error was told, in order; those older than readings are kept by the hour."""
    edge = _kept_since(session, HOUR)
    old = (HourSummary.lowest != 0) | (HourSummary.highest != 0)
    found: list[tuple[datetime, str]] = []
    for table, is_error, begin, end in (
        (HourSummary, old, since, min(edge, until)),
        (Reading, Reading.value != 0, max(since, edge), until),
    ):
        rows = session.execute(
            select(table.ts, table.metric)
            .join(Device, Device.id == table.device_id)
            .where(
                Device.asset_id == asset_id,
                table.metric.in_(metrics),
                is_error,
                table.ts >= begin,
                table.ts < end,
            )
            .order_by(table.ts, table.metric)
        )
        found += [(row.ts, row.metric) for row in rows]
    return found


def _kept_since(session: Session, cycle: timedelta) -> datetime:
    """From here on readings are there for sure; the beginning of a cycle."""
    return beginning(clock.now(session) - READINGS_KEPT, cycle)


def facts_of_models(session: Session, asset_models: Collection[str]) -> dict[UUID, Facts]:
    return _facts(session, Asset.model.in_(asset_models))


def facts_of(session: Session, asset_ids: Collection[UUID]) -> dict[UUID, Facts]:
    return _facts(session, Asset.id.in_(asset_ids))


def _facts(session: Session, which: ColumnElement[bool]) -> dict[UUID, Facts]:
    statement = select(Asset.id, Asset.model, Asset.installed_on, Asset.created_at)
    rows = session.execute(statement.where(which).order_by(Asset.id))
    return {
        key: Facts(str(key), model, installed or created.date())
        for key, model, installed, created in rows
    }


def services_of(
    session: Session, asset_ids: Collection[UUID], since: datetime
) -> Mapping[UUID, list[Service]]:
    """The work done on each asset, in the order in which it was reported. An order whose alert
    turned out false mended nothing, one that mended another fault names none that is known."""
    refuted = exists().where(
        Alert.id == WorkOrder.alert_id, Alert.disposition == Disposition.FALSE_ALARM
    )
    was_other = exists().where(
        Verdict.alert_id == WorkOrder.alert_id, Verdict.found == FaultFound.OTHER_FAULT
    )
    rows = session.execute(
        select(
            WorkOrder.asset_id,
            WorkOrder.reported_at,
            func.coalesce(WorkOrder.completed_at, WorkOrder.reported_at),
            func.coalesce(WorkOrder.fault_class, WorkType.code),
            case((refuted, None), (was_other, OTHER), else_=WorkOrder.fault_class),
        )
        .join(WorkType, WorkType.id == WorkOrder.work_type_id)
        .where(
            WorkOrder.asset_id.in_(asset_ids),
            WorkOrder.status.in_(DONE_WORK_ORDERS),
            WorkOrder.reported_at >= since,
        )
        .order_by(WorkOrder.reported_at, WorkOrder.id)
    )
    found: dict[UUID, list[Service]] = {key: [] for key in asset_ids}
    for asset_id, *service in rows:
        found[asset_id].append(Service(*service))
    return found


def find_alert_of_rule(session: Session, rule: Rule, asset_id: UUID) -> Alert | None:
    """The open alert that this rule gave."""
    return session.scalar(
        select(Alert).where(
            Alert.asset_id == asset_id,
            Alert.rule_id == rule.id,
            Alert.status != AlertStatus.CLEARED,
        )
    )


def was_refuted(session: Session, rule: Rule, asset_id: UUID, since: datetime) -> bool:
    """Whether an alert of the rule on the asset turned out false since then."""
    found = exists().where(
        Alert.asset_id == asset_id,
        Alert.rule_id == rule.id,
        Alert.disposition == Disposition.FALSE_ALARM,
        Alert.cleared_at >= since,
    )
    return bool(session.scalar(select(found)))


def latest_of_asset(session: Session, asset_id: UUID) -> list[Forecast]:
    """The last forecast of each model."""
    return list(
        session.scalars(
            select(Forecast)
            .where(Forecast.asset_id == asset_id)
            .ext(distinct_on(Forecast.model_id))
            .order_by(Forecast.model_id, Forecast.made_for.desc())
        )
    )
