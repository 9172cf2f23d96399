"""Every write on incidents: group alerts, and close what is over."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from iot_ingest.alerts.models import Alert
from iot_ingest.events import IncidentClosed, IncidentOpened
from iot_ingest.incidents import queries
from iot_ingest.incidents.grouping import Group, belongs, group_around
from iot_ingest.incidents.lifecycle import INCIDENT, TOGETHER, IncidentStatus
from iot_ingest.incidents.models import Incident, IncidentAlert
from kernel import clock
from kernel.db import locked
from kernel.events import publish


def group(session: Session, alert: Alert) -> Incident | None:
    """Put an alert into the incident it belongs to, a new one when enough alerts share a cause.

    Alerts of one fault class are grouped one after the other. Safe to repeat.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(alert.fault_class))))
    present = queries.find_of_alert(session, alert.id)
    if present is not None:
        return present
    sign = queries.sign_of(session, alert.id)
    for incident in queries.list_open_incidents(session, alert.fault_class):
        if belongs(sign, incident):
            _add(session, incident, [alert.id])
            return incident
    since = clock.now(session) - TOGETHER
    found = group_around(sign, queries.list_ungrouped(session, alert.fault_class, since))
    return _open(session, alert, found) if found is not None else None


def close(session: Session, incident_id: UUID) -> Incident:
    """The cause is gone; its alerts go on by themselves. Twice is once."""
    (incident,) = locked(session, Incident, [incident_id])
    if incident.status is not IncidentStatus.CLOSED:
        now = clock.now(session)
        move(incident, IncidentStatus.CLOSED)
        incident.closed_at = now
        session.flush()
        publish(
            session,
            IncidentClosed(incident_id=incident.id, territory_id=incident.territory_id),
        )
    return incident


def close_if_over(session: Session, alert_id: UUID) -> None:
    """The last alert of an incident ends it, unless it is a storm: that ends by a person's hand."""
    incident = queries.find_of_alert(session, alert_id)
    if incident is None or incident.status is not IncidentStatus.OPEN:
        return
    _, open_alerts = queries.count_alerts(session, [incident.id])[incident.id]
    if not open_alerts:
        close(session, incident.id)


def move(incident: Incident, to: IncidentStatus) -> None:
    INCIDENT.check(incident.status, to)
    incident.status = to


def _open(session: Session, alert: Alert, found: Group) -> Incident:
    incident = Incident(
        status=IncidentStatus.OPEN,
        cause=found.cause,
        fault_class=alert.fault_class,
        territory_id=alert.territory_id,
        upstream_asset_id=found.upstream_asset_id,
        model=found.model,
        latitude=found.centre.latitude if found.centre else None,
        longitude=found.centre.longitude if found.centre else None,
        opened_at=clock.now(session),
    )
    session.add(incident)
    session.flush()
    _add(session, incident, [sign.alert_id for sign in found.signs])
    publish(session, IncidentOpened(incident_id=incident.id, territory_id=incident.territory_id))
    return incident


def _add(session: Session, incident: Incident, alert_ids: list[UUID]) -> None:
    session.add_all(
        IncidentAlert(incident_id=incident.id, alert_id=alert_id) for alert_id in alert_ids
    )
    session.flush()
