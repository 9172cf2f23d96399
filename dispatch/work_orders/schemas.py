"""Shapes of work orders, visits, clocks, prerequisites and reserved parts."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from dispatch.sla.lifecycle import ClockKind
from dispatch.work_orders.lifecycle import (
    WORK_ORDER,
    IncompleteReason,
    ReservationStatus,
    Source,
    VisitStatus,
    WorkOrderStatus,
)
from kernel.facts import Facts
from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Moment, Name, PatchSchema, Words

Priority = Annotated[int, Field(ge=1, le=5)]
Cents = Annotated[int, Field(ge=0, le=1_000_000_000)]


class CustomerLine(Schema):
    id: UUID
    name: str
    phone: str | None
    vulnerable: bool


class SiteLine(Schema):
    id: UUID
    address: str
    latitude: float
    longitude: float
    time_zone: str


class WorkTypeLine(Schema):
    id: UUID
    code: str
    name: str


class WorkOrderOut(Schema):
    """A work order itself; `priority` 5 is an emergency."""

    id: UUID
    external_id: str | None
    number: str
    customer_id: UUID
    site_id: UUID
    asset_id: UUID | None
    work_type_id: UUID
    territory_id: UUID | None
    status: WorkOrderStatus
    hold_reason: str | None
    hold_until: datetime | None
    priority: int
    priority_reason: str | None
    priority_until: datetime | None
    source: Source
    title: str
    description: str
    reported_at: datetime
    due_at: datetime | None
    earliest_at: datetime | None
    delay_cost_cents_per_day: int
    fault_class: str | None
    alert_id: UUID | None
    entitlement: str | None
    outcome: str | None
    completed_at: datetime | None
    version: int


class WorkOrderLine(WorkOrderOut):
    """A work order in a list, with the words that people know it by."""

    customer: CustomerLine
    site: SiteLine
    work_type: WorkTypeLine


class VisitOut(Schema):
    """The window is what was asked for; what was promised is the booking's."""

    id: UUID
    work_order_id: UUID
    sequence: int
    status: VisitStatus
    site_id: UUID
    customer_id: UUID
    territory_id: UUID | None
    duration_minutes: int
    p80_minutes: int
    crew_size: int
    skills: list[dict[str, Any]]
    credentials: list[str]
    languages: list[str]
    window_start: datetime | None
    window_end: datetime | None
    priority: int
    due_at: datetime | None
    earliest_at: datetime | None
    preferred_technician_ids: list[UUID]
    required_technician_ids: list[UUID]
    excluded_technician_ids: list[UUID]
    paused_overnight: bool
    incomplete_reason: IncompleteReason | None
    en_route_at: datetime | None
    on_site_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    at_risk: bool
    note: str
    report: dict[str, Any] | None
    version: int


class SlaClockOut(Schema):
    kind: ClockKind
    minutes: int
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached: bool
    stopped: bool


class SlaPauseOut(Schema):
    id: UUID
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    evidence: dict[str, Any]


class PrerequisiteOut(Schema):
    id: UUID
    kind: str
    title: str
    owner: str | None
    due_at: datetime | None
    done_at: datetime | None


class ReservedPartOut(Schema):
    """`stock_id` is where the pieces were taken from."""

    id: UUID
    part_id: UUID
    number: str
    name: str
    quantity: int
    status: ReservationStatus
    stock_id: UUID | None
    visit_id: UUID | None


class WorkOrderDetail(WorkOrderLine):
    """Everything about one order; `moves` are the states it may go to."""

    failure_curve: dict[str, Any] | None
    visits: list[VisitOut]
    clocks: list[SlaClockOut]
    pauses: list[SlaPauseOut]
    prerequisites: list[PrerequisiteOut]
    parts: list[ReservedPartOut]
    moves: list[WorkOrderStatus] = []

    @model_validator(mode="after")
    def list_moves(self) -> Self:
        self.moves = list(WORK_ORDER.moves_from(self.status))
        return self


class Window(RequestSchema):
    start: Moment
    end: Moment

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a window must end after it starts")
        return self

    def pair(self) -> tuple[datetime, datetime]:
        return self.start, self.end


class WorkOrderIn(RequestSchema):
    """Without a title that of the work type; `needs_review` keeps it out of planning."""

    customer_id: UUID
    site_id: UUID
    work_type_code: Name
    title: Name | None = None
    description: Words = ""
    asset_id: UUID | None = None
    priority: Priority | None = None
    reported_at: Moment | None = None
    due_at: Moment | None = None
    earliest_at: Moment | None = None
    delay_cost_cents_per_day: Cents = 0
    fault_class: Line | None = None
    window: Window | None = None
    needs_review: bool = False
    external_id: Line | None = None


class WorkOrderPatch(PatchSchema):
    nullable = frozenset({"asset_id", "due_at", "earliest_at", "fault_class"})

    title: Name | None = None
    description: Words | None = None
    asset_id: UUID | None = None
    due_at: Moment | None = None
    earliest_at: Moment | None = None
    delay_cost_cents_per_day: Cents | None = None
    fault_class: Line | None = None


class Hold(RequestSchema):
    """Without `until` the hold stands until somebody releases it."""

    reason: Name
    until: Moment | None = None


class Reason(RequestSchema):
    reason: Name


class PriorityOverride(RequestSchema):
    priority: Priority
    reason: Name
    until: Moment


class RemoteFix(RequestSchema):
    note: Name


class VisitIn(RequestSchema):
    window: Window | None = None
    earliest_at: Moment | None = None
    preferred_technician_ids: list[UUID] = Field([], max_length=50)


class SlaPauseIn(RequestSchema):
    """Why the clocks stand still, and what proves it."""

    reason: Name
    evidence: Facts = {}
    at: Moment | None = None
