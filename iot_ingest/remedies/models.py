"""Tables of remedies and of what they cost and who may grant them."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.remedies.lifecycle import REMEDY, RemedyKind, RemedyStatus
from kernel.db import Record, enum_of, guard_moves


class Remedy(Record):
    """What one customer gets for one alert, what it costs, and why; one per alert.

    `proposed_by` and `decided_by` are actors; above the limit they are two people.
    """

    __tablename__ = "remedies"
    __table_args__ = (
        CheckConstraint("cost_cents >= 0", name="cost_not_negative"),
        CheckConstraint("decided_by <> proposed_by", name="two_people"),
    )

    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"), unique=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"), index=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[RemedyKind] = mapped_column(enum_of(RemedyKind))
    status: Mapped[RemedyStatus] = mapped_column(enum_of(RemedyStatus))
    cost_cents: Mapped[int]
    currency: Mapped[str]
    reason: Mapped[str]
    words: Mapped[dict[str, Any]]
    proposed_by: Mapped[str]
    decided_by: Mapped[str | None]


class RemedyTerms(Record):
    """What a kind costs from then on, and up to which cost each role grants it alone: {role:
    cents}. The newest row of a kind counts."""

    __tablename__ = "remedy_terms"
    __table_args__ = (CheckConstraint("cost_cents >= 0", name="cost_not_negative"),)

    kind: Mapped[RemedyKind] = mapped_column(enum_of(RemedyKind), index=True)
    cost_cents: Mapped[int]
    limits: Mapped[dict[str, Any]]


guard_moves(Remedy, "status", REMEDY)
