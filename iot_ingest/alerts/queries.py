"""Every SELECT on alerts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, select, tuple_
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Customer, Site
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder
from iot_ingest.alerts.lifecycle import AlertStatus, delay_cost_cents_per_day
from iot_ingest.alerts.models import Alert
from iot_ingest.devices.models import Device
from iot_ingest.rules.models import Rule, RuleState
from kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Place:
    """Where an asset stands and whose it is."""

    customer_id: UUID
    site_id: UUID
    territory_id: UUID | None


def get_place(session: Session, asset_id: UUID) -> Place:
    row = session.execute(
        select(Site.customer_id, Site.id, Site.territory_id)
        .join(Asset, Asset.site_id == Site.id)
        .where(Asset.id == asset_id)
    ).first()
    if row is None:
        raise NotFound("asset", asset_id)
    return Place(*row)


def select_alerts(
    *,
    statuses: Collection[AlertStatus] = (),
    asset_id: UUID | None = None,
    customer_id: UUID | None = None,
    territory_id: UUID | None = None,
) -> Select[Alert]:
    found = select(Alert)
    if statuses:
        found = found.where(Alert.status.in_(statuses))
    if asset_id:
        found = found.where(Alert.asset_id == asset_id)
    if customer_id:
        found = found.where(Alert.customer_id == customer_id)
    if territory_id:
        found = found.where(Alert.territory_id == territory_id)
    return found


def find_open(session: Session, asset_id: UUID, fault_class: str) -> Alert | None:
    """The open episode, locked and in its present state."""
    return session.scalar(
        select(Alert)
        .where(
            Alert.asset_id == asset_id,
            Alert.fault_class == fault_class,
            Alert.status != AlertStatus.CLEARED,
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def get_for_customer(session: Session, alert_id: UUID, customer_id: UUID) -> Alert:
    """Raises NotFound, also when the alert belongs to somebody else."""
    found = session.get(Alert, alert_id)
    if found is None or found.customer_id != customer_id:
        raise NotFound("alert", alert_id)
    return found


def list_open_of_customer(session: Session, customer_id: UUID) -> list[Alert]:
    return list(
        session.scalars(
            select(Alert)
            .where(Alert.customer_id == customer_id, Alert.status != AlertStatus.CLEARED)
            .order_by(Alert.opened_at.desc())
        )
    )


def find_by_work_order(session: Session, work_order_id: UUID) -> Alert | None:
    """The open alert that the work order serves."""
    return session.scalar(
        select(Alert).where(
            Alert.work_order_id == work_order_id, Alert.status != AlertStatus.CLEARED
        )
    )


def is_firing_elsewhere(
    session: Session, asset_id: UUID, fault_class: str, *, but: tuple[UUID, UUID | None]
) -> bool:
    """Whether another (rule, device) than `but` fires for this fault on the asset."""
    firing = exists().where(
        RuleState.firing,
        tuple_(RuleState.rule_id, RuleState.device_id) != but,
        RuleState.rule_id == Rule.id,
        Rule.fault_class == fault_class,
        RuleState.device_id == Device.id,
        Device.asset_id == asset_id,
    )
    return bool(session.scalar(select(firing)))


Subject = tuple[UUID, str]
"""An asset and a fault class."""


def firing_until(session: Session, subjects: Collection[Subject]) -> Mapping[Subject, datetime]:
    """The latest reading while a rule of the fault fires on a device of the asset; those of which
    none does are missing."""
    rows = session.execute(
        select(Device.asset_id, Rule.fault_class, func.max(RuleState.last_ts))
        .join(Rule, Rule.id == RuleState.rule_id)
        .join(Device, Device.id == RuleState.device_id)
        .where(
            RuleState.firing,
            tuple_(Device.asset_id, Rule.fault_class).in_(subjects),
        )
        .group_by(Device.asset_id, Rule.fault_class)
    )
    return {(asset_id, fault_class): ts for asset_id, fault_class, ts in rows if ts}


def last_signs(session: Session, alerts: Collection[Alert]) -> dict[UUID, datetime]:
    """When each fault was last seen: a rule fires once and then goes on firing."""
    firing = firing_until(session, {(a.asset_id, a.fault_class) for a in alerts if a.is_open})
    return {alert.id: _last_sign(alert, firing) for alert in alerts}


def _last_sign(alert: Alert, firing: Mapping[Subject, datetime]) -> datetime:
    known = alert.last_seen_at or alert.opened_at
    if not alert.is_open:
        return known
    return max(known, firing.get((alert.asset_id, alert.fault_class), known))


def last_completed_visit(session: Session, work_order_id: UUID) -> Visit | None:
    return session.scalar(
        select(Visit)
        .where(Visit.work_order_id == work_order_id, Visit.status == VisitStatus.COMPLETED)
        .order_by(Visit.sequence.desc())
        .limit(1)
    )


def count_acted_on(session: Session, rule_id: UUID, since: datetime) -> int:
    """How many alerts of the rule have been opened since then and were not held for review."""
    return (
        session.scalar(
            select(func.count()).where(
                Alert.rule_id == rule_id, Alert.opened_at >= since, Alert.triage_reason.is_(None)
            )
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class Stakes:
    """Whom an alert concerns, and what waiting costs.

    Until there is a work order `due_at` is the end of the rule's response time, and the cost what
    the severity and the asset's criticality say: a prediction makes both more pressing."""

    asset_name: str
    rule_name: str
    customer_name: str
    work_order_number: str | None
    due_at: datetime | None
    delay_cost_cents_per_day: int


def stakes_of(session: Session, alerts: Collection[Alert]) -> dict[UUID, Stakes]:
    rows = session.execute(
        select(Alert, Asset.name, Asset.criticality, Rule, Customer.name, WorkOrder)
        .join(Asset, Asset.id == Alert.asset_id)
        .join(Rule, Rule.id == Alert.rule_id)
        .join(Customer, Customer.id == Alert.customer_id)
        .outerjoin(WorkOrder, WorkOrder.id == Alert.work_order_id)
        .where(Alert.id.in_([alert.id for alert in alerts]))
    )
    return {
        alert.id: _stakes(alert, asset, criticality, rule, customer, order)
        for alert, asset, criticality, rule, customer, order in rows
    }


def _stakes(
    alert: Alert, asset: str, criticality: int, rule: Rule, customer: str, order: WorkOrder | None
) -> Stakes:
    return Stakes(
        asset_name=asset,
        rule_name=rule.name,
        customer_name=customer,
        work_order_number=order.number if order else None,
        due_at=order.due_at if order else alert.opened_at + timedelta(hours=rule.response_hours),
        delay_cost_cents_per_day=order.delay_cost_cents_per_day
        if order
        else delay_cost_cents_per_day(alert.severity, criticality),
    )
