"""Shapes of plans."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, computed_field

from dispatch.scheduling.changes.difference import ChangeKind, PromiseKind
from dispatch.scheduling.plans.lifecycle import PlanKind
from kernel.http import RequestSchema, Schema
from kernel.shapes import Day, Line, Moment


class PlanIn(RequestSchema):
    """A draft is solved and checked, and then waits to be applied or dropped.

    It can follow another `policy` than those in force: NAME (the version in force, or else the
    newest) or NAME@VERSION.
    """

    draft: bool = False
    policy: Line | None = None
    territory_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)] | None = None
    horizon_start: Moment | None = None
    horizon_end: Moment | None = None
    limit_seconds: Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)] | None = None


class DayIn(RequestSchema):
    """One technician's day, today when it is left out."""

    technician_id: UUID
    day: Day | None = None


class SeatBefore(Schema):
    technician_id: UUID
    starts_at: datetime
    ends_at: datetime


class SeatAfter(SeatBefore):
    travel_seconds: int


class ChangeOut(Schema):
    """One visit; `breaks` names the promises that this would break: technician, window, time.

    `promise_cents` is what that adds to the price of broken promises, before weights.
    """

    visit_id: UUID
    what: ChangeKind
    breaks: list[PromiseKind]
    promise_cents: int = 0
    before: list[SeatBefore]
    after: list[SeatAfter]


class TermOut(Schema):
    """One term of the objective."""

    term: str
    before_cents: int
    after_cents: int

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own way
    @property
    def change_cents(self) -> int:
        return self.after_cents - self.before_cents


class DifferenceOut(Schema):
    """Scores in cents by term: the schedule as it was when the plan was made, and the plan."""

    changes: list[ChangeOut]
    promises_broken: int
    score_before: dict[str, int]
    score_after: dict[str, int]

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own way
    @property
    def terms(self) -> list[TermOut]:
        """By term, those that change first."""
        found = [
            TermOut(term=name, before_cents=before, after_cents=self.score_after.get(name, 0))
            for name, before in self.score_before.items()
        ]
        return sorted(found, key=lambda term: -abs(term.change_cents))

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own way
    @property
    def saving_cents(self) -> int:
        """What the plan is better by, broken promises already paid for."""
        return -sum(term.change_cents for term in self.terms)


class ConcernedVisit(Schema):
    """A visit that a plan is about, in words."""

    visit_id: UUID
    number: str
    title: str
    customer_name: str
    latitude: float
    longitude: float


class LeftAlone(Schema):
    """A change that was not made, because of what happened meanwhile."""

    visit_id: UUID
    reason: str


class PlanDifference(Schema):
    """What a plan would change, with what a person needs to decide about it.

    `visits` are those that change and those that a repair is about; `repair_budget` is how many
    promises a repair may break without being asked.
    """

    plan_id: UUID
    version: int
    kind: PlanKind
    status: str
    trigger: str
    message: str | None
    currency: str
    created_at: datetime
    horizon_start: datetime
    horizon_end: datetime
    repair_budget: int
    about: list[UUID]
    visits: list[ConcernedVisit]
    technicians: dict[UUID, str]
    left_out: list[UUID]
    left_alone: list[LeftAlone]
    difference: DifferenceOut | None


class PlanLine(Schema):
    """`groups` say which visits were moved and which were left to people; `score` is in cents.

    `travel` is the source of its travel times, the places, and for how many pairs of them a
    straight line stood in for a road network that did not answer.

    A large plan is solved in parts, which are listed by `parent_id`; `open_parts` are not over.
    """

    id: UUID
    parent_id: UUID | None
    open_parts: int
    is_border: bool
    version: int
    kind: PlanKind
    status: str
    trigger: str
    requested_by: str
    territory_ids: list[UUID]
    visit_ids: list[UUID]
    technician_id: UUID | None
    horizon_start: datetime
    horizon_end: datetime
    limit_seconds: float
    seed: int
    message: str | None
    score: dict[str, Any] | None
    travel: dict[str, Any] | None
    unassigned: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    created_at: datetime
    updated_at: datetime
    solving_at: datetime | None
    finished_at: datetime | None
    placed: int
    left: int


class PlanDetail(PlanLine):
    """With what it changes, and for replay the problem as it was read and the result."""

    difference: DifferenceOut | None
    policy: dict[str, Any]
    snapshot: dict[str, Any] | None
    result: dict[str, Any] | None
