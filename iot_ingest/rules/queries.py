"""Every SELECT on rules and their memory."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.work_orders.models import WorkType
from iot_ingest.devices.queries import any_of
from iot_ingest.rules.models import Rule, RuleState
from iot_ingest.rules.threshold import Watch


def select_rules(active: bool | None = None) -> Select[Rule]:
    found = select(Rule)
    return found if active is None else found.where(Rule.active == active)


def list_active(session: Session, metrics: Collection[str]) -> list[Rule]:
    return list(
        session.scalars(select(Rule).where(Rule.active, Rule.metric.in_(metrics)).order_by(Rule.id))
    )


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
        ).where(RuleState.rule_id == any_of(rule_ids), RuleState.device_id == any_of(device_ids))
    )
    return {(row.rule_id, row.device_id): Watch(*row[2:]) for row in rows}


def has_work_type(session: Session, code: str) -> bool:
    return session.scalar(select(WorkType.id).where(WorkType.code == code)) is not None


def ids_of_fault_class(session: Session, fault_class: str) -> list[UUID]:
    return list(session.scalars(select(Rule.id).where(Rule.fault_class == fault_class)))
