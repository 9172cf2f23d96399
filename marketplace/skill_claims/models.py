"""The table of claimed skills."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from kernel.db import Record, enum_of, guard_moves
from marketplace.documents.models import Document
from marketplace.skill_claims.lifecycle import CLAIM, ClaimStatus


class SkillClaim(Record):
    """A skill at a level with the paper that shows it; it counts once approved."""

    __tablename__ = "skill_claims"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        Index(
            "uq_skill_claims_open",
            "technician_id",
            "skill",
            unique=True,
            postgresql_where=text("status = 'claimed'"),
        ),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    skill: Mapped[str]
    level: Mapped[int]
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))
    status: Mapped[ClaimStatus] = mapped_column(enum_of(ClaimStatus))
    note: Mapped[str] = mapped_column(default="")


guard_moves(SkillClaim, "status", CLAIM)
