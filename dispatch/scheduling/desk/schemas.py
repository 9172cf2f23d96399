"""Shapes of what a dispatcher does by hand."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from dispatch.scheduling.pins.models import PinKind
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.http import RequestSchema, Schema
from kernel.shapes import Day, Moment

Crew = Annotated[list[UUID], Field(min_length=1, max_length=20)]
Why = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class CheckIn(RequestSchema):
    technician_ids: Crew
    starts_at: Moment


class AssignIn(CheckIn):
    """`accept_violations` says that the dispatcher knows what is wrong and wants it anyway;
    overlapping other work needs a reason and a time until which it may stand."""

    accept_violations: bool = False
    overlap_reason: Why | None = None
    overlap_until: Moment | None = None

    @model_validator(mode="after")
    def bound_overlap(self) -> Self:
        if (self.overlap_reason is None) != (self.overlap_until is None):
            raise ValueError("overlap_reason and overlap_until belong together")
        return self


class ReasonIn(RequestSchema):
    reason: Why


class ViolationOut(Schema):
    code: str
    sentence: str
    technician_id: UUID


class CheckOut(Schema):
    technician_ids: list[UUID]
    starts_at: datetime
    ends_at: datetime
    travel_seconds: int
    cost_cents: int
    currency: str
    violations: list[ViolationOut]


class MoveIn(RequestSchema):
    to: VisitStatus
    reason: Why | None = None
    at: Moment | None = None


class PinIn(RequestSchema):
    """What `kind` says is to be given: technician_id, day, starts_at, or both window ends."""

    kind: PinKind
    technician_id: UUID | None = None
    day: Day | None = None
    starts_at: Moment | None = None
    window_start: Moment | None = None
    window_end: Moment | None = None
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


class CallNote(RequestSchema):
    at: Moment
    to: Annotated[str, StringConstraints(max_length=100)]
    outcome: Annotated[str, StringConstraints(max_length=200)] = "no answer"


class NoAccessIn(RequestSchema):
    call_log: Annotated[list[CallNote], Field(max_length=50)]
    waited_minutes: Annotated[int, Field(ge=0, le=24 * 60)]
    photo_id: UUID | None = None


class NoAccessOut(Schema):
    id: UUID
    visit_id: UUID
    technician_id: UUID | None
    at: datetime
    waited_minutes: int
    call_log: list[dict[str, Any]]
    photo_id: UUID | None
    charge_rule: str
    charge_cents: int
    currency: str


class SickIn(RequestSchema):
    """From now, or from `since`, to `until`."""

    until: Moment
    since: Moment | None = None
    reason: Annotated[str, StringConstraints(max_length=500)] = ""
