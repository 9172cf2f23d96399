"""HTTP for the office to look at claimed skills."""

from uuid import UUID

from dispatch.accounts.access import Office, Planner
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import NoteIn, page_of
from marketplace.skill_claims import queries, service
from marketplace.skill_claims.lifecycle import ClaimStatus
from marketplace.skill_claims.models import SkillClaim
from marketplace.skill_claims.schemas import SkillClaimOut

router = Router(prefix="/api/skill-claims", tags=["crowd"])


@router.get("")
def list_claims(
    _: Office,
    session: Session,
    technician_id: UUID | None = None,
    status: ClaimStatus | None = None,
    cursor: str | None = None,
) -> Page[SkillClaimOut]:
    """Newest first."""
    statement = queries.select_claims(technician_id, status)
    found = paginate(session, statement, SkillClaim.id, cursor, newest_first=True)
    return page_of(SkillClaimOut, found)


@router.post("/{claim_id}/approve", response_model=SkillClaimOut)
def approve_claim(claim_id: UUID, _: Planner, session: Session) -> SkillClaim:
    """The skill counts from now on."""
    return service.approve_claim(session, claim_id)


@router.post("/{claim_id}/refuse", response_model=SkillClaimOut)
def refuse_claim(claim_id: UUID, body: NoteIn, _: Planner, session: Session) -> SkillClaim:
    """The note says what is missing."""
    return service.refuse_claim(session, claim_id, body.note)
