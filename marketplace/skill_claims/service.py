"""Takes claims of skills, and makes them count once the office has seen the evidence."""

from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.models import Technician
from dispatch.technicians.qualifications.service import SkillHeld, set_skills
from dispatch.technicians.queries import list_skills
from kernel.db import get, locked
from marketplace.documents.queries import get_document
from marketplace.skill_claims import queries
from marketplace.skill_claims.lifecycle import CLAIM, ClaimStatus
from marketplace.skill_claims.models import SkillClaim


def claim_skill(
    session: Session, technician_id: UUID, *, skill: str, level: int, document_id: UUID
) -> SkillClaim:
    """In place of an open claim of the same skill. Raises NotFound for another's document."""
    get_document(session, document_id, technician_id)
    locked(session, Technician, [technician_id])
    wanted = skill.strip().lower()
    claim = queries.find_open(session, technician_id, wanted)
    if claim is None:
        claim = SkillClaim(technician_id=technician_id, skill=wanted, status=ClaimStatus.CLAIMED)
        session.add(claim)
    claim.level, claim.document_id = level, document_id
    session.flush()
    return claim


def approve_claim(session: Session, claim_id: UUID) -> SkillClaim:
    """The person has the skill at that level from now on, whatever level it was before."""
    technician_id = get(session, SkillClaim, claim_id).technician_id
    locked(session, Technician, [technician_id])
    [claim] = locked(session, SkillClaim, [claim_id])
    _move(session, claim, ClaimStatus.APPROVED)
    held = {
        one.skill: SkillHeld(one.skill, one.level, one.valid_from, one.valid_until, one.speed_pct)
        for one in list_skills(session, technician_id)
    }
    speed_pct = held[claim.skill].speed_pct if claim.skill in held else 100
    held[claim.skill] = SkillHeld(claim.skill, claim.level, speed_pct=speed_pct)
    set_skills(session, technician_id, held.values())
    return claim


def refuse_claim(session: Session, claim_id: UUID, note: str) -> SkillClaim:
    """What the person has stays as it is; the note says what is missing."""
    [claim] = locked(session, SkillClaim, [claim_id])
    claim.note = note
    _move(session, claim, ClaimStatus.REFUSED)
    return claim


def _move(session: Session, claim: SkillClaim, to: ClaimStatus) -> None:
    CLAIM.check(claim.status, to)
    claim.status = to
    session.flush()
