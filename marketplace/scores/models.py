"""Tables of scores: the facts that count, and every change with its reason."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import Base, Record, enum_of
from marketplace.scores.lifecycle import Aspect, ChangeCause, Dropped, FactKind


class ScoreFact(Record):
    """Something that verifiably happened with an assignment, or with a stand-by.

    `value` is minutes late, hours of notice, or stars; none for the other kinds.
    """

    __tablename__ = "score_facts"
    __table_args__ = (
        UniqueConstraint("assignment_id", "aspect"),
        UniqueConstraint("stand_by_id"),
        CheckConstraint(
            "(visit_id IS NULL) = (assignment_id IS NULL)"
            " AND (assignment_id IS NULL) = (stand_by_id IS NOT NULL)",
            name="subject",
        ),
        CheckConstraint("kind <> 'rated' OR value BETWEEN 1 AND 5", name="stars"),
        Index("ix_score_facts_technician_id_happened_at", "technician_id", "happened_at"),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey(Visit.id), index=True)
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Assignment.id))
    # Stand-bys lie above scores, so this points there without a foreign key.
    stand_by_id: Mapped[UUID | None]
    aspect: Mapped[Aspect] = mapped_column(enum_of(Aspect))
    kind: Mapped[FactKind] = mapped_column(enum_of(FactKind))
    value: Mapped[int | None]
    happened_at: Mapped[datetime]
    dropped: Mapped[Dropped | None] = mapped_column(enum_of(Dropped))


class ScoreChange(Base):
    """A score before and after, and the sentence that explains it; only ever added."""

    __tablename__ = "score_changes"
    __table_args__ = (
        Index("ix_score_changes_technician_id_id", "technician_id", "id"),
        CheckConstraint("before BETWEEN 0 AND 100 AND after BETWEEN 0 AND 100", name="points"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id))
    fact_id: Mapped[UUID] = mapped_column(ForeignKey(ScoreFact.id), index=True)
    changed_at: Mapped[datetime]
    cause: Mapped[ChangeCause] = mapped_column(enum_of(ChangeCause))
    kind: Mapped[FactKind] = mapped_column(enum_of(FactKind))
    value: Mapped[int | None]
    before: Mapped[int]
    after: Mapped[int]
    sentence: Mapped[str]
