"""HTTP: what each customer of an incident gets."""

from uuid import UUID

from dispatch.accounts.access import Manager, Office, Planner
from iot_ingest.incidents.models import Incident
from iot_ingest.remedies import queries, service
from iot_ingest.remedies.schemas import RemedyOut
from kernel.db import get
from kernel.http import Router, Session

router = Router(prefix="/api", tags=["incidents"])


@router.get("/incidents/{incident_id}/remedies")
def list_remedies(session: Session, _: Office, incident_id: UUID) -> list[RemedyOut]:
    incident = get(session, Incident, incident_id)
    found = queries.list_remedies(session, incident.id)
    return [RemedyOut.model_validate(remedy) for remedy in found]


@router.post("/incidents/{incident_id}/remedies")
def propose_remedies(session: Session, _: Planner, incident_id: UUID) -> list[RemedyOut]:
    """One for each open alert without; what is dear waits for a supervisor."""
    return [RemedyOut.model_validate(remedy) for remedy in service.propose(session, incident_id)]


@router.post("/remedies/{remedy_id}/grant")
def grant_remedy(session: Session, _: Manager, remedy_id: UUID) -> RemedyOut:
    return RemedyOut.model_validate(service.decide(session, remedy_id, granted=True))


@router.post("/remedies/{remedy_id}/decline")
def decline_remedy(session: Session, _: Manager, remedy_id: UUID) -> RemedyOut:
    return RemedyOut.model_validate(service.decide(session, remedy_id, granted=False))
