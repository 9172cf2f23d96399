"""Every SELECT on incidents."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Customer, Site
from iot_ingest.alerts.lifecycle import AlertStatus
from iot_ingest.alerts.models import Alert
from iot_ingest.incidents.lifecycle import IncidentStatus
from iot_ingest.incidents.models import Incident, IncidentAlert
from kernel.geo import Point


@dataclass(frozen=True, slots=True)
class Sign:
    """An alert with what it may have in common with others."""

    alert_id: UUID
    asset_id: UUID
    parent_id: UUID | None
    model: str
    site_id: UUID
    here: Point


def sign_of(session: Session, alert_id: UUID) -> Sign:
    return _signs(session, Alert.id == alert_id)[0]


def list_ungrouped(session: Session, fault_class: str, since: datetime) -> list[Sign]:
    """Open alerts of the fault class that began since then and belong to no incident."""
    grouped = select(IncidentAlert.alert_id)
    return _signs(
        session,
        Alert.fault_class == fault_class,
        Alert.status != AlertStatus.CLEARED,
        Alert.opened_at >= since,
        Alert.id.not_in(grouped),
    )


def list_open_incidents(session: Session, fault_class: str) -> Sequence[Incident]:
    return session.scalars(
        select(Incident)
        .where(Incident.fault_class == fault_class, Incident.status != IncidentStatus.CLOSED)
        .order_by(Incident.id)
    ).all()


def find_of_alert(session: Session, alert_id: UUID) -> Incident | None:
    return session.scalar(
        select(Incident)
        .join(IncidentAlert, IncidentAlert.incident_id == Incident.id)
        .where(IncidentAlert.alert_id == alert_id)
    )


def select_incidents(statuses: Collection[IncidentStatus]) -> Select[Incident]:
    found = select(Incident)
    return found.where(Incident.status.in_(statuses)) if statuses else found


def list_alerts(session: Session, incident_id: UUID) -> Sequence[Alert]:
    return session.scalars(
        select(Alert)
        .join(IncidentAlert, IncidentAlert.alert_id == Alert.id)
        .where(IncidentAlert.incident_id == incident_id)
        .order_by(Alert.opened_at, Alert.id)
    ).all()


def names_of(session: Session, alerts: Collection[Alert]) -> dict[UUID, tuple[str, str]]:
    """The asset's and the customer's name per alert."""
    rows = session.execute(
        select(Alert.id, Asset.name, Customer.name)
        .join(Asset, Asset.id == Alert.asset_id)
        .join(Customer, Customer.id == Alert.customer_id)
        .where(Alert.id.in_([alert.id for alert in alerts]))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def count_alerts(session: Session, incident_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Alerts, and open ones, per incident."""
    rows = session.execute(
        select(
            IncidentAlert.incident_id,
            func.count(),
            func.count().filter(Alert.status != AlertStatus.CLEARED),
        )
        .join(Alert, Alert.id == IncidentAlert.alert_id)
        .where(IncidentAlert.incident_id.in_(incident_ids))
        .group_by(IncidentAlert.incident_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _signs(session: Session, *conditions: object) -> list[Sign]:
    rows = session.execute(
        select(
            Alert.id,
            Alert.asset_id,
            Asset.parent_id,
            Asset.model,
            Site.id,
            Site.latitude,
            Site.longitude,
        )
        .join(Asset, Asset.id == Alert.asset_id)
        .join(Site, Site.id == Alert.site_id)
        .where(*conditions)  # type: ignore[arg-type]  # conditions of this module alone
        .order_by(Alert.id)
    )
    return [Sign(*row[:5], Point(row[5], row[6])) for row in rows]
