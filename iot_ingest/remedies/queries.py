"""Every SELECT on remedies, and what is known of a customer."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.assets.queries import get_asset
from dispatch.customers.lifecycle import CustomerKind
from dispatch.customers.queries import get_customer
from dispatch.sla.models import Agreement
from iot_ingest.alerts.models import Alert
from iot_ingest.incidents.queries import list_alerts
from iot_ingest.remedies.lifecycle import USUAL_TERMS, Circumstances, RemedyKind, Terms
from iot_ingest.remedies.models import Remedy, RemedyTerms
from kernel import clock

STOPS_WORK_FROM = 4
"""Criticality of a machine without which a business stands still."""
HISTORY = timedelta(days=90)


def list_remedies(session: Session, incident_id: UUID) -> Sequence[Remedy]:
    return session.scalars(
        select(Remedy).where(Remedy.incident_id == incident_id).order_by(Remedy.id)
    ).all()


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
