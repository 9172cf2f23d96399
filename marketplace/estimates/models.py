"""What was learned of yes and no; computed anew every night, so no history is kept of anybody."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from kernel.db import Base


class LearnedChance(Base):
    """Weights for all, or (with a technician) how far one person lies from them, in logits."""

    __tablename__ = "learned_chances"
    __table_args__ = (
        UniqueConstraint("kind", "technician_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("kind IN ('accept', 'show')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey(Technician.id))
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    learned_at: Mapped[datetime]
