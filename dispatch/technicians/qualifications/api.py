"""Skills and credentials: read by the office, changed by planners."""

from uuid import UUID

from dispatch.accounts.access import OfficeOrParts, Planner
from dispatch.technicians import queries
from dispatch.technicians.models import Credential, TechnicianSkill
from dispatch.technicians.qualifications import service
from dispatch.technicians.qualifications.schemas import (
    CredentialIn,
    CredentialOut,
    RevokeIn,
    SkillIn,
    SkillOut,
)
from kernel.http import Router, Session

router = Router(prefix="/api", tags=["technicians"])


@router.get("/technicians/{technician_id}/skills", response_model=list[SkillOut])
def list_skills(technician_id: UUID, session: Session, _: OfficeOrParts) -> list[TechnicianSkill]:
    queries.get_technician(session, technician_id)
    return queries.list_skills(session, technician_id)


@router.put("/technicians/{technician_id}/skills", response_model=list[SkillOut])
def set_skills(
    technician_id: UUID, body: list[SkillIn], session: Session, _: Planner
) -> list[TechnicianSkill]:
    """Replaces all skills of the technician."""
    held = [service.SkillHeld(**skill.model_dump()) for skill in body]
    return service.set_skills(session, technician_id, held)


@router.get("/technicians/{technician_id}/credentials", response_model=list[CredentialOut])
def list_credentials(technician_id: UUID, session: Session, _: OfficeOrParts) -> list[Credential]:
    queries.get_technician(session, technician_id)
    return queries.list_credentials(session, technician_id)


@router.post(
    "/technicians/{technician_id}/credentials", response_model=CredentialOut, status_code=201
)
def add_credential(
    technician_id: UUID, body: CredentialIn, session: Session, _: Planner
) -> Credential:
    """It counts only once it is verified."""
    return service.add_credential(session, technician_id, **body.model_dump())


@router.post("/credentials/{credential_id}/verify", response_model=CredentialOut)
def verify_credential(credential_id: UUID, session: Session, _: Planner) -> Credential:
    return service.verify_credential(session, credential_id)


@router.post("/credentials/{credential_id}/revoke", response_model=CredentialOut)
def revoke_credential(
    credential_id: UUID, body: RevokeIn, session: Session, _: Planner
) -> Credential:
    """It does not count any more; open work that needs it goes to others."""
    return service.revoke_credential(session, credential_id, body.reason)
