"""Tables of remedies and of what they cost and who may grant them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.remedies.lifecycle import REMEDY, RemedyKind, RemedyObstacle, RemedyStatus
from kernel.db import Record, enum_of, guard_moves


class Remedy(Record):
    """What one customer gets for one alert, what it costs, and why; one per alert.

    `proposed_by` and `decided_by` are actors; above the limit they are two people.
    """

    __tablename__ = "remedies"
    __table_args__ = (
        CheckConstraint("cost_cents >= 0", name="cost_not_negative"),
        CheckConstraint("decided_by <> proposed_by", name="two_people"),
        CheckConstraint(
            "carried_out_at IS NULL OR (status = 'granted' AND obstacle IS NULL)",
            name="carried_out_when_granted",
        ),
        CheckConstraint(
            "declined_because IS NULL OR status = 'declined'", name="reason_when_declined"
        ),
        Index("ix_remedies_proposed", "id", postgresql_where=text("status = 'proposed'")),
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
    declined_because: Mapped[str | None]
    carried_out_at: Mapped[datetime | None]
    obstacle: Mapped[RemedyObstacle | None] = mapped_column(enum_of(RemedyObstacle))
    """Why it was granted and could not be carried out."""
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("work_orders.id"))
    """The order that became more urgent, or that brings the loan device."""
    collection_order_id: Mapped[UUID | None] = mapped_column(ForeignKey("work_orders.id"))
    instructions: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The workaround that the customer was told, per language."""


class RemedyTerms(Record):
    """What a kind costs from then on, and up to which cost each role grants it alone: {role:
    cents}. The newest row of a kind counts."""

    __tablename__ = "remedy_terms"
    __table_args__ = (CheckConstraint("cost_cents >= 0", name="cost_not_negative"),)

    kind: Mapped[RemedyKind] = mapped_column(enum_of(RemedyKind), index=True)
    cost_cents: Mapped[int]
    limits: Mapped[dict[str, Any]]


guard_moves(Remedy, "status", REMEDY)
