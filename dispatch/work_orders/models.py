"""Tables of work types, work orders, their visits, clocks, prerequisites and reserved parts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.sla.lifecycle import ClockKind
from dispatch.work_orders.lifecycle import (
    RESERVATION,
    VISIT,
    WORK_ORDER,
    IncompleteReason,
    ReservationStatus,
    Source,
    VisitStatus,
    WorkOrderStatus,
)
from kernel.db import Base, Record, enum_of, guard_moves
from kernel.settings import settings

WORK_ORDER_NUMBERS = Sequence("work_order_number", metadata=Base.metadata)


def pace_skill(skills: list[dict[str, Any]]) -> str | None:
    """The first skill that is asked for is the one at whose pace the work goes."""
    return str(skills[0]["skill"]) if skills else None


class WorkType(Record):
    """The template of a kind of work.

    `skills`: [{skill, level}]; `parts`: [{number, quantity}]; `prerequisites`: [{kind, title}];
    `checklist` and `questions`: what the technician ticks and what the customer is asked.
    """

    __tablename__ = "work_types"
    __table_args__ = (
        CheckConstraint("expected_minutes > 0", name="expected_positive"),
        CheckConstraint("p80_minutes >= expected_minutes", name="p80_not_below_expected"),
        CheckConstraint("crew_size >= 1", name="crew_not_empty"),
        CheckConstraint("priority BETWEEN 1 AND 5", name="priority_range"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    expected_minutes: Mapped[int]
    p80_minutes: Mapped[int]
    skills: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    credentials: Mapped[list[str]] = mapped_column(default=list)
    crew_size: Mapped[int] = mapped_column(default=1)
    priority: Mapped[int] = mapped_column(default=3)
    parts: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    tools: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    prerequisites: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    sla_policy_id: Mapped[UUID | None] = mapped_column(ForeignKey("sla_policies.id"))
    price_cents: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(default=lambda: settings().currency)
    bookable: Mapped[bool] = mapped_column(default=True)
    """Customers may book it themselves."""


class WorkOrder(Record):
    """What must be achieved for whom; priority 5 is an emergency."""

    __tablename__ = "work_orders"
    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 5", name="priority_range"),
        CheckConstraint("delay_cost_cents_per_day >= 0", name="delay_cost_not_negative"),
        CheckConstraint(
            "(status = 'on_hold') = (hold_reason IS NOT NULL AND held_from IS NOT NULL)",
            name="hold_has_reason",
        ),
        Index(None, "customer_id"),
        Index(None, "site_id"),
        Index(None, "asset_id", "fault_class"),
        Index(None, "status", "territory_id"),
        Index(None, "reported_at"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    work_type_id: Mapped[UUID] = mapped_column(ForeignKey("work_types.id"))
    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey("territories.id"))
    status: Mapped[WorkOrderStatus] = mapped_column(enum_of(WorkOrderStatus))
    hold_reason: Mapped[str | None]
    hold_until: Mapped[datetime | None]
    held_from: Mapped[str | None]
    priority: Mapped[int]
    priority_reason: Mapped[str | None]
    priority_until: Mapped[datetime | None]
    priority_before: Mapped[int | None]
    """What an override of priority goes back to."""
    source: Mapped[Source] = mapped_column(enum_of(Source))
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    earliest_at: Mapped[datetime | None]
    delay_cost_cents_per_day: Mapped[int] = mapped_column(default=0)
    failure_curve: Mapped[dict[str, Any] | None]
    fault_class: Mapped[str | None]
    alert_id: Mapped[UUID | None]
    entitlement: Mapped[str | None]
    """Why the customer need not pay: "warranty" or "agreement"."""
    agreement_id: Mapped[UUID | None] = mapped_column(ForeignKey("agreements.id"))
    penalty: Mapped[dict[str, Any] | None]
    """What the service level charges for being late, as it stood when the clocks were started:
    {cents, steps: [{minutes, cents}], cap_cents}."""
    outcome: Mapped[str | None]
    completed_at: Mapped[datetime | None]


class Visit(Record):
    """One stay at one site. The window is what was asked for; the promised one is a booking's."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("work_order_id", "sequence"),
        CheckConstraint("duration_minutes > 0", name="duration_positive"),
        CheckConstraint("p80_minutes >= duration_minutes", name="p80_not_below_duration"),
        CheckConstraint("crew_size >= 1", name="crew_not_empty"),
        CheckConstraint("priority BETWEEN 1 AND 5", name="priority_range"),
        CheckConstraint("paused_seconds >= 0", name="paused_not_negative"),
        CheckConstraint("window_end > window_start", name="window_ends_after_start"),
        CheckConstraint(
            "(window_start IS NULL) = (window_end IS NULL)", name="window_has_both_ends"
        ),
        CheckConstraint(
            "status <> 'incomplete' OR incomplete_reason IS NOT NULL",
            name="incomplete_has_reason",
        ),
        Index(None, "status", "territory_id"),
        Index(None, "site_id"),
        Index(None, "customer_id"),
        Index(None, "finished_at"),
        Index(None, "on_site_at"),
    )

    work_order_id: Mapped[UUID] = mapped_column(ForeignKey("work_orders.id"))
    sequence: Mapped[int]
    status: Mapped[VisitStatus] = mapped_column(enum_of(VisitStatus))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey("territories.id"))
    duration_minutes: Mapped[int]
    p80_minutes: Mapped[int]
    crew_size: Mapped[int] = mapped_column(default=1)
    skills: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    credentials: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=list)
    """The technician must speak one of them; empty asks for none."""
    tools: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    window_start: Mapped[datetime | None]
    window_end: Mapped[datetime | None]
    priority: Mapped[int]
    due_at: Mapped[datetime | None]
    earliest_at: Mapped[datetime | None]
    preferred_technician_ids: Mapped[list[UUID]] = mapped_column(default=list)
    required_technician_ids: Mapped[list[UUID]] = mapped_column(default=list)
    excluded_technician_ids: Mapped[list[UUID]] = mapped_column(default=list)
    paused_overnight: Mapped[bool] = mapped_column(default=False)
    incomplete_reason: Mapped[IncompleteReason | None] = mapped_column(enum_of(IncompleteReason))
    en_route_at: Mapped[datetime | None]
    on_site_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    """Since when the work rests; none while it goes on."""
    paused_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How long it rested before."""
    at_risk: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    report: Mapped[dict[str, Any] | None]

    @property
    def pace_skill(self) -> str | None:
        """The skill at whose pace the work goes."""
        return pace_skill(self.skills)


class SlaClock(Record):
    """One promise of speed, counted from `started_at` (the time reported) in `minutes`."""

    __tablename__ = "sla_clocks"
    __table_args__ = (
        UniqueConstraint("work_order_id", "kind"),
        Index(
            None,
            "due_at",
            postgresql_where=text("met_at IS NULL AND NOT breached AND NOT stopped"),
        ),
    )

    work_order_id: Mapped[UUID] = mapped_column(ForeignKey("work_orders.id"))
    kind: Mapped[ClockKind] = mapped_column(enum_of(ClockKind))
    calendar_id: Mapped[UUID | None] = mapped_column(ForeignKey("calendars.id"))
    minutes: Mapped[int]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    breached: Mapped[bool] = mapped_column(default=False)
    stopped: Mapped[bool] = mapped_column(default=False)
    """The order was cancelled; the clock counts for nothing."""


class SlaPause(Record):
    """Time that does not count, with the reason and what proves it."""

    __tablename__ = "sla_pauses"
    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        Index(None, "work_order_id"),
        Index(
            "uq_sla_pauses_open",
            "work_order_id",
            unique=True,
            postgresql_where=text("ends_at IS NULL"),
        ),
    )

    work_order_id: Mapped[UUID] = mapped_column(ForeignKey("work_orders.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Prerequisite(Record):
    """What blocks planning until it is done: a permit, a consent, a credit check."""

    __tablename__ = "prerequisites"
    __table_args__ = (Index(None, "work_order_id"),)

    work_order_id: Mapped[UUID] = mapped_column(ForeignKey("work_orders.id"))
    kind: Mapped[str]
    title: Mapped[str]
    owner: Mapped[str | None]
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class PartReservation(Record):
    """Pieces of one part for one order, taken out of one stock while reserved."""

    __tablename__ = "part_reservations"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("status <> 'reserved' OR stock_id IS NOT NULL", name="reserved_somewhere"),
        Index(None, "work_order_id"),
        Index(None, "part_id", postgresql_where=text("status = 'short'")),
    )

    work_order_id: Mapped[UUID] = mapped_column(ForeignKey("work_orders.id"))
    part_id: Mapped[UUID] = mapped_column(ForeignKey("parts.id"))
    stock_id: Mapped[UUID | None] = mapped_column(ForeignKey("stocks.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"))
    """The visit that used them up."""
    quantity: Mapped[int]
    status: Mapped[ReservationStatus] = mapped_column(enum_of(ReservationStatus))


guard_moves(WorkOrder, "status", WORK_ORDER)
guard_moves(Visit, "status", VISIT)
guard_moves(PartReservation, "status", RESERVATION)
