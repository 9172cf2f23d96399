"""Every SELECT on rules and their memory."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, literal, select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from iot_ingest.devices.lifecycle import DeviceStatus
from iot_ingest.devices.models import Device
from iot_ingest.devices.queries import any_of
from iot_ingest.readings.models import Reading
from iot_ingest.rules.detector import Measure, Watch
from iot_ingest.rules.memory import memory_from_json
from iot_ingest.rules.models import Rule, RuleState

MOST_SILENT = 500
MOST_HISTORY = 500_000
"""Readings that one dry run looks at."""


def select_rules(active: bool | None = None) -> Select[Rule]:
    found = select(Rule)
    return found if active is None else found.where(Rule.active == active)


def list_active(session: Session, metrics: Collection[str]) -> list[Rule]:
    """The rules that look at one of these metrics themselves."""
    looked_at = Rule.metrics.bool_op("&&")(literal(sorted(metrics), ARRAY(Text())))
    return list(
        session.scalars(
            select(Rule)
            .where(Rule.active, looked_at, Rule.measure != Measure.MODEL)
            .order_by(Rule.id)
        )
    )


def list_of_silence(session: Session) -> list[Rule]:
    return list(
        session.scalars(
            select(Rule).where(Rule.active, Rule.measure == Measure.SILENCE).order_by(Rule.id)
        )
    )


def devices_silent_since(session: Session, rule_id: UUID, moment: datetime) -> list[UUID]:
    """The active devices that the rule has judged, has not found silent, and that have sent
    nothing to it since then."""
    return list(
        session.scalars(
            select(RuleState.device_id)
            .join(Device, Device.id == RuleState.device_id)
            .where(
                RuleState.rule_id == rule_id,
                RuleState.last_ts <= moment,
                RuleState.firing.is_(False),
                Device.status == DeviceStatus.ACTIVE,
            )
            .order_by(RuleState.device_id)
            .limit(MOST_SILENT)
        )
    )


def list_senders(session: Session, device_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """The asset of each device, and its model."""
    rows = session.execute(
        select(Device.id, Device.asset_id, Asset.model)
        .join(Asset, Asset.id == Device.asset_id)
        .where(Device.id == any_of(device_ids))
    )
    return {row.id: (row.asset_id, row.model) for row in rows}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    device_id: UUID
    asset_id: UUID
    asset_name: str
    ts: datetime
    metric: str
    value: float


def history(
    session: Session, metrics: Collection[str], model: str | None, since: datetime, until: datetime
) -> Iterator[HistoryRow]:
    """The stored readings of the metrics, device by device in the order of their times."""
    found = (
        select(Device.id, Device.asset_id, Asset.name, Reading.ts, Reading.metric, Reading.value)
        .join(Device, Device.id == Reading.device_id)
        .join(Asset, Asset.id == Device.asset_id)
        .where(Reading.metric.in_(metrics), Reading.ts >= since, Reading.ts < until)
        .order_by(Reading.device_id, Reading.ts, Reading.metric)
        .limit(MOST_HISTORY + 1)
        .execution_options(yield_per=5_000)
    )
    if model is not None:
        found = found.where(Asset.model == model)
    for row in session.execute(found):
        yield HistoryRow(*row)


def list_watches(
    session: Session, rule_ids: Collection[UUID], device_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], Watch]:
    """What is remembered, by (rule, device)."""
    rows = session.execute(
        select(
            RuleState.rule_id,
            RuleState.device_id,
            RuleState.since,
            RuleState.last_ts,
            RuleState.last_value,
            RuleState.firing,
            RuleState.quiet_until,
            RuleState.memory,
        ).where(RuleState.rule_id == any_of(rule_ids), RuleState.device_id == any_of(device_ids))
    )
    return {
        (row.rule_id, row.device_id): Watch(
            *row[2:7], **memory_from_json(row.memory, firing=row.firing)
        )
        for row in rows
    }


def ids_of_fault_class(session: Session, fault_class: str) -> list[UUID]:
    return list(session.scalars(select(Rule.id).where(Rule.fault_class == fault_class)))
