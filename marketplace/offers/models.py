"""The offer table."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import Record, enum_of, guard_moves
from marketplace.offers.lifecycle import OFFER, OfferKind, OfferStatus


class Bundle(Record):
    """Visits that are offered together: whoever takes one takes all, in a route of one's own."""

    __tablename__ = "bundles"
    __table_args__ = (CheckConstraint("cardinality(visit_ids) >= 2", name="several"),)

    visit_ids: Mapped[list[UUID]]


class Offer(Record):
    """One visit proposed to one freelancer: when, for how much, until when."""

    __tablename__ = "offers"
    __table_args__ = (
        Index(
            "uq_offers_open_visit_technician",
            "visit_id",
            "technician_id",
            unique=True,
            postgresql_where=text("status IN ('sent', 'viewed', 'countered')"),
        ),
        Index(
            "ix_offers_open_expires_at",
            "expires_at",
            postgresql_where=text("status IN ('sent', 'viewed', 'countered')"),
        ),
        CheckConstraint("pay_cents >= 0", name="pay_not_negative"),
        CheckConstraint("apart_cents >= 0", name="apart_not_negative"),
        CheckConstraint("expenses_cents >= 0", name="expenses_not_negative"),
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("(status = 'accepted') = (assignment_id IS NOT NULL)", name="assigned"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id), index=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    kind: Mapped[OfferKind] = mapped_column(
        enum_of(OfferKind), default=OfferKind.COMPUTED, server_default=text("'computed'")
    )
    bundle_id: Mapped[UUID | None] = mapped_column(ForeignKey(Bundle.id), index=True)
    status: Mapped[OfferStatus] = mapped_column(enum_of(OfferStatus), default=OfferStatus.SENT)
    pay_cents: Mapped[int]
    expenses_cents: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Agreed beside the pay, against receipts, at most so much."""
    currency: Mapped[str]
    expires_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    travel_seconds: Mapped[int]
    way_seconds: Mapped[int | None]
    """What it adds to the travel of the day, for which the person is paid; None: there and back."""
    beside_visit_id: Mapped[UUID | None] = mapped_column(ForeignKey(Visit.id))
    """The person's own job from which the way was reckoned."""
    apart_cents: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Paid besides when that job falls away and not by the person's doing."""
    expected_minutes: Mapped[int]
    asked_count: Mapped[int]
    wave: Mapped[int] = mapped_column(default=1)
    decline_reason: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    accept_pct: Mapped[int | None]
    """How likely a yes, and then coming, was taken to be when it was sent; not shown to anybody
    but the office."""
    show_pct: Mapped[int | None]
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Assignment.id))

    @property
    def whole_way_seconds(self) -> int:
        return 2 * self.travel_seconds if self.way_seconds is None else self.way_seconds


guard_moves(Offer, "status", OFFER)
