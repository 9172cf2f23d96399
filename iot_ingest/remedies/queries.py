"""Every SELECT on remedies, and what is known of a customer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from dispatch.assets.models import Asset
from dispatch.assets.queries import get_asset
from dispatch.customers.lifecycle import CustomerKind
from dispatch.customers.models import Customer
from dispatch.customers.queries import get_customer
from dispatch.sla.models import Agreement
from dispatch.work_orders.models import WorkOrder
from iot_ingest.alerts.models import Alert
from iot_ingest.credits.models import Credit
from iot_ingest.incidents.queries import list_alerts
from iot_ingest.remedies.lifecycle import (
    USUAL_TERMS,
    Circumstances,
    RemedyKind,
    RemedyStatus,
    Terms,
)
from iot_ingest.remedies.models import Remedy, RemedyTerms
from kernel import clock
from kernel.db import among

STOPS_WORK_FROM = 4
"""Criticality of a machine without which a business stands still."""
HISTORY = timedelta(days=90)


def list_remedies(session: Session, incident_id: UUID) -> Sequence[Remedy]:
    return session.scalars(
        select(Remedy).where(Remedy.incident_id == incident_id).order_by(Remedy.id)
    ).all()


def select_decidable(session: Session, actor: str, roles: Collection[str]) -> Select[Remedy]:
    """Those that wait and that this actor may decide: proposed by somebody else, and within the
    limits of the roles now."""
    within = [
        (Remedy.kind == terms.kind) & (Remedy.cost_cents <= terms.limit_of(roles))
        for terms in terms_in_force(session).values()
    ]
    return select(Remedy).where(
        Remedy.status == RemedyStatus.PROPOSED, Remedy.proposed_by != actor, or_(*within)
    )


def list_carried_out(session: Session, order_ids: Collection[UUID]) -> dict[UUID, list[Remedy]]:
    """By order, of the alerts that it sees to."""
    rows = session.execute(
        select(WorkOrder.id, Remedy)
        .join(Alert, Alert.work_order_id == WorkOrder.id)
        .join(Remedy, Remedy.alert_id == Alert.id)
        .where(among(WorkOrder.id, order_ids), Remedy.carried_out_at.is_not(None))
        .order_by(Remedy.id)
    )
    found: dict[UUID, list[Remedy]] = {}
    for order_id, remedy in rows:
        found.setdefault(order_id, []).append(remedy)
    return found


def find_remedy(session: Session, alert_id: UUID) -> Remedy | None:
    return session.scalar(select(Remedy).where(Remedy.alert_id == alert_id))


@dataclass(frozen=True, slots=True)
class Cost:
    """What remedies of one kind cost an incident: granted, and still to be decided, in cents."""

    kind: RemedyKind
    granted: int
    granted_cents: int
    carried_out: int
    proposed: int
    proposed_cents: int
    declined: int


def costs_of(session: Session, incident_id: UUID) -> list[Cost]:
    """By kind, in the order of the kinds; those that nobody was proposed are left out."""
    granted, proposed, declined = (
        Remedy.status == status
        for status in (RemedyStatus.GRANTED, RemedyStatus.PROPOSED, RemedyStatus.DECLINED)
    )
    cents = func.coalesce
    rows = session.execute(
        select(
            Remedy.kind,
            func.count().filter(granted),
            cents(func.sum(Remedy.cost_cents).filter(granted), 0),
            func.count().filter(Remedy.carried_out_at.is_not(None)),
            func.count().filter(proposed),
            cents(func.sum(Remedy.cost_cents).filter(proposed), 0),
            func.count().filter(declined),
        )
        .where(Remedy.incident_id == incident_id)
        .group_by(Remedy.kind)
    )
    found = [Cost(row[0], *map(int, row[1:])) for row in rows]
    return sorted(found, key=lambda cost: list(RemedyKind).index(cost.kind))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is shown around a remedy."""

    customer_name: str
    asset_name: str
    order_number: str | None
    collection_order_number: str | None
    credit: Credit | None


def surroundings_of(session: Session, remedies: Collection[Remedy]) -> dict[UUID, Surroundings]:
    order, collection = aliased(WorkOrder), aliased(WorkOrder)
    rows = session.execute(
        select(Remedy.id, Customer.name, Asset.name, order.number, collection.number, Credit)
        .join(Alert, Alert.id == Remedy.alert_id)
        .join(Asset, Asset.id == Alert.asset_id)
        .join(Customer, Customer.id == Remedy.customer_id)
        .outerjoin(order, order.id == Remedy.order_id)
        .outerjoin(collection, collection.id == Remedy.collection_order_id)
        .outerjoin(Credit, Credit.alert_id == Remedy.alert_id)
        .where(among(Remedy.id, {remedy.id for remedy in remedies}))
    )
    return {row[0]: Surroundings(*row[1:]) for row in rows}


def alerts_without_remedy(session: Session, incident_id: UUID) -> list[Alert]:
    """Open alerts of the incident, the oldest first."""
    done = {remedy.alert_id for remedy in list_remedies(session, incident_id)}
    return [a for a in list_alerts(session, incident_id) if a.is_open and a.id not in done]


def terms_in_force(session: Session) -> dict[RemedyKind, Terms]:
    """Of every kind."""
    rows = session.scalars(select(RemedyTerms).order_by(RemedyTerms.id))
    told = {row.kind: Terms(row.kind, row.cost_cents, row.limits) for row in rows}
    return {**USUAL_TERMS, **told}


def circumstances_of(session: Session, alert: Alert) -> Circumstances:
    customer = get_customer(session, alert.customer_id)
    today = clock.now(session).date()
    agreements = select(func.count()).where(
        Agreement.customer_id == customer.id,
        Agreement.starts_on <= today,
        Agreement.ends_on >= today,
    )
    faults = select(func.count()).where(
        Alert.customer_id == customer.id, Alert.opened_at >= clock.now(session) - HISTORY
    )
    is_needed = get_asset(session, alert.asset_id).criticality >= STOPS_WORK_FROM
    return Circumstances(
        is_vulnerable=customer.vulnerable,
        is_work_stopped=customer.kind is CustomerKind.BUSINESS and is_needed,
        has_contract=bool(session.scalar(agreements)),
        recent_faults=session.scalar(faults) or 0,
    )
