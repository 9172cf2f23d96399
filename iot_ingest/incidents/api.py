"""HTTP: incidents, their alerts, and how they grew and shrank."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office, Planner
from iot_ingest.alerts.models import Alert
from iot_ingest.incidents import queries, service
from iot_ingest.incidents.lifecycle import INCIDENT, IncidentStatus
from iot_ingest.incidents.models import Incident
from iot_ingest.incidents.schemas import (
    IncidentMemberOut,
    IncidentOut,
    IncidentPageOut,
    IncidentPointOut,
)
from kernel.db import get
from kernel.http import Page, Router, Session, paginate

router = Router(prefix="/api/incidents", tags=["incidents"])


@router.get("")
def list_incidents(
    session: Session,
    _: Office,
    status: Annotated[list[IncidentStatus] | None, Query()] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[IncidentOut]:
    statement = queries.select_incidents(status or ())
    rows, following = paginate(session, statement, Incident.id, cursor, limit, newest_first=True)
    return Page(items=show(session, rows), next_cursor=following)


@router.get("/{incident_id}")
def get_incident(session: Session, _: Office, incident_id: UUID) -> IncidentPageOut:
    incident = get(session, Incident, incident_id)
    alerts = queries.list_alerts(session, incident.id)
    return IncidentPageOut(
        incident=show(session, [incident])[0],
        members=_members(session, alerts),
        chart=_chart(alerts),
    )


@router.post("/{incident_id}/close")
def close_incident(session: Session, _: Planner, incident_id: UUID) -> IncidentOut:
    return show(session, [service.close(session, incident_id)])[0]


def show(session: Session, incidents: Sequence[Incident]) -> list[IncidentOut]:
    counts = queries.count_alerts(session, [incident.id for incident in incidents])
    columns = Incident.__table__.columns.keys()
    found = []
    for incident in incidents:
        alerts, open_alerts = counts.get(incident.id, (0, 0))
        told = {name: getattr(incident, name) for name in columns}
        moves = INCIDENT.moves_from(incident.status)
        told |= {"alerts": alerts, "open_alerts": open_alerts, "moves": moves}
        found.append(IncidentOut.model_validate(told))
    return found


def _members(session: Session, alerts: Sequence[Alert]) -> list[IncidentMemberOut]:
    names = queries.names_of(session, alerts)
    columns = Alert.__table__.columns.keys()
    return [
        IncidentMemberOut.model_validate(
            {
                **{name: getattr(alert, name) for name in columns},
                "asset_name": names[alert.id][0],
                "customer_name": names[alert.id][1],
            }
        )
        for alert in alerts
    ]


def _chart(alerts: Sequence[Alert]) -> list[IncidentPointOut]:
    changes = [(alert.opened_at, 1) for alert in alerts]
    changes += [(alert.cleared_at, -1) for alert in alerts if alert.cleared_at is not None]
    points, present = [], 0
    for at, change in sorted(changes):
        present += change
        points.append(IncidentPointOut(at=at, open_alerts=present))
    return points
