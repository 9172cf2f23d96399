"""HTTP for the office to look at claimed skills."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from dispatch.accounts.roles import OFFICE, PLANNERS
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from kernel.shapes import page_of
from marketplace.rate_cards.schemas import RefusalIn
from marketplace.skill_claims import queries, service
from marketplace.skill_claims.lifecycle import ClaimStatus
from marketplace.skill_claims.models import SkillClaim
from marketplace.skill_claims.schemas import SkillClaimOut

Office = Annotated[Principal, Depends(require(*OFFICE))]
Planner = Annotated[Principal, Depends(require(*PLANNERS))]

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
def refuse_claim(claim_id: UUID, body: RefusalIn, _: Planner, session: Session) -> SkillClaim:
    """The note says what is missing."""
    return service.refuse_claim(session, claim_id, body.note)
