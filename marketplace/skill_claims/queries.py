"""Reads claimed skills."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.skill_claims.lifecycle import ClaimStatus
from marketplace.skill_claims.models import SkillClaim


def find_open(session: Session, technician_id: UUID, skill: str) -> SkillClaim | None:
    return session.scalar(
        select(SkillClaim).where(
            SkillClaim.technician_id == technician_id,
            SkillClaim.skill == skill,
            SkillClaim.status == ClaimStatus.CLAIMED,
        )
    )


def select_claims(
    technician_id: UUID | None = None, status: ClaimStatus | None = None
) -> Select[SkillClaim]:
    statement = select(SkillClaim)
    if technician_id is not None:
        statement = statement.where(SkillClaim.technician_id == technician_id)
    if status is not None:
        statement = statement.where(SkillClaim.status == status)
    return statement
