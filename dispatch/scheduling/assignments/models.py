"""The table that occupies technicians' time, and the constraints that keep it free of overlaps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.parts.depots.models import Depot
from dispatch.scheduling.assignments.lifecycle import (
    ASSIGNMENT,
    OCCUPYING,
    AssignmentSource,
    AssignmentStatus,
)
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import Record, enum_of, guard_moves

_OCCUPYING = "status IN ({})".format(", ".join(f"'{status}'" for status in sorted(OCCUPYING)))


class Assignment(Record):
    """One technician in one seat of one visit.

    Work is planned in `[starts_at, ends_at)`; `busy` also holds the trip there
    (`travel_seconds`, cut where a dispatcher accepted that it does not fit). A row with
    `overlap_reason` was forced by a dispatcher and may overlap others until `overlap_until`.
    A hold keeps the arrival window that the customer chose.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        ExcludeConstraint(
            ("technician_id", "="),
            ("busy", "&&"),
            using="gist",
            where=text(f"{_OCCUPYING} AND overlap_reason IS NULL"),
            name="ex_assignments_technician_busy",
        ),
        Index(
            "uq_assignments_visit_seat_occupying",
            "visit_id",
            "seat",
            unique=True,
            postgresql_where=text(_OCCUPYING),
        ),
        Index(
            "ix_assignments_technician_occupying",
            "technician_id",
            "starts_at",
            postgresql_where=text(_OCCUPYING),
        ),
        Index("ix_assignments_held", "expires_at", postgresql_where=text("status = 'held'")),
        CheckConstraint("seat >= 1", name="seat"),
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("travel_seconds >= 0", name="travel"),
        CheckConstraint(
            "status <> 'held' OR (expires_at IS NOT NULL AND window_start < window_end)",
            name="hold_bounded",
        ),
        CheckConstraint(
            "(overlap_reason IS NULL) = (overlap_until IS NULL)", name="overlap_expires"
        ),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id), index=True)
    seat: Mapped[int]
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    status: Mapped[AssignmentStatus] = mapped_column(enum_of(AssignmentStatus))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    travel_seconds: Mapped[int] = mapped_column(default=0)
    travel_estimated: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """A road network should have said how long the trip takes and did not."""
    depot_id: Mapped[UUID | None] = mapped_column(ForeignKey(Depot.id))
    """The trip leads past this depot, where parts or tools are fetched."""
    busy: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    expires_at: Mapped[datetime | None]
    window_start: Mapped[datetime | None]
    window_end: Mapped[datetime | None]
    source: Mapped[AssignmentSource] = mapped_column(enum_of(AssignmentSource))
    # Plans lie to the right of assignments, so this points there without a foreign key.
    plan_id: Mapped[UUID | None]
    overlap_reason: Mapped[str | None]
    overlap_until: Mapped[datetime | None]
    ended_reason: Mapped[str | None]
    cost_cents: Mapped[int] = mapped_column(default=0)


guard_moves(Assignment, "status", ASSIGNMENT)
