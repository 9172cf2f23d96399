"""HTTP: what each customer of an incident gets."""

from uuid import UUID

from dispatch.accounts.access import Admin, Office, Planner
from iot_ingest.incidents.models import Incident
from iot_ingest.remedies import queries, service
from iot_ingest.remedies.schemas import RemedyOut, RemedyTermsIn, RemedyTermsOut
from kernel.db import get
from kernel.http import Router, Session

router = Router(prefix="/api", tags=["incidents"])


@router.get("/remedy-terms")
def list_remedy_terms(session: Session, _: Office) -> list[RemedyTermsOut]:
    """In force now, of every kind."""
    found = queries.terms_in_force(session).values()
    return [RemedyTermsOut.model_validate(terms) for terms in found]


@router.post("/remedy-terms", status_code=201)
def set_remedy_terms(session: Session, _: Admin, body: RemedyTermsIn) -> RemedyTermsOut:
    """For remedies proposed from now on; who may grant those that wait is asked anew, too."""
    return RemedyTermsOut.model_validate(service.set_terms(session, **body.model_dump()))


@router.get("/incidents/{incident_id}/remedies")
def list_remedies(session: Session, _: Office, incident_id: UUID) -> list[RemedyOut]:
    incident = get(session, Incident, incident_id)
    found = queries.list_remedies(session, incident.id)
    return [RemedyOut.model_validate(remedy) for remedy in found]


@router.post("/incidents/{incident_id}/remedies")
def propose_remedies(session: Session, planner: Planner, incident_id: UUID) -> list[RemedyOut]:
    """One for each open alert without; what is above the caller's limit waits for somebody else."""
    found = service.propose(session, incident_id, planner.roles)
    return [RemedyOut.model_validate(remedy) for remedy in found]


@router.post("/remedies/{remedy_id}/grant")
def grant_remedy(session: Session, planner: Planner, remedy_id: UUID) -> RemedyOut:
    """Somebody else than who proposed it, with a limit that reaches."""
    remedy = service.decide(session, remedy_id, planner.roles, granted=True)
    return RemedyOut.model_validate(remedy)


@router.post("/remedies/{remedy_id}/decline")
def decline_remedy(session: Session, planner: Planner, remedy_id: UUID) -> RemedyOut:
    remedy = service.decide(session, remedy_id, planner.roles, granted=False)
    return RemedyOut.model_validate(remedy)
