"""What a plan would change, with the names that a person who decides about it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.scheduling.plans.lifecycle import PlanKind, PlanStatus
from dispatch.scheduling.plans.models import Plan


@dataclass(frozen=True)
class ConcernedVisit:
    """A visit that changes, that has no place, or that a repair is about."""

    visit_id: UUID
    number: str
    title: str
    customer_name: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Concerned:
    """A plan's difference in words."""

    plan: Plan
    repair_budget: int
    currency: str
    visits: Sequence[ConcernedVisit]
    technicians: Mapping[UUID, str]

    @property
    def plan_id(self) -> UUID:
        return self.plan.id

    @property
    def version(self) -> int:
        return self.plan.version

    @property
    def kind(self) -> PlanKind:
        return self.plan.kind

    @property
    def status(self) -> PlanStatus:
        return self.plan.status

    @property
    def trigger(self) -> str:
        return self.plan.trigger

    @property
    def message(self) -> str | None:
        return self.plan.message

    @property
    def created_at(self) -> datetime:
        return self.plan.created_at

    @property
    def horizon_start(self) -> datetime:
        return self.plan.horizon_start

    @property
    def horizon_end(self) -> datetime:
        return self.plan.horizon_end

    @property
    def about(self) -> Sequence[UUID]:
        return self.plan.visit_ids

    @property
    def left_out(self) -> list[UUID]:
        return left_out_of(self.plan)

    @property
    def left_alone(self) -> list[Mapping[str, Any]]:
        return [item for group in self.plan.groups for item in group["left"]]

    @property
    def difference(self) -> Mapping[str, Any] | None:
        return self.plan.difference


def left_out_of(plan: Plan) -> list[UUID]:
    """The visits for which it has no place."""
    return [UUID(item["visit_id"]) for item in plan.unassigned if not item["stays"]]


def visits_of(plan: Plan) -> set[UUID]:
    changed = {UUID(change["visit_id"]) for change in _changes(plan)}
    return changed | {*plan.visit_ids, *left_out_of(plan)}


def technicians_of(plan: Plan) -> set[UUID]:
    return {
        UUID(seat["technician_id"])
        for change in _changes(plan)
        for seat in (*change["before"], *change["after"])
    }


def _changes(plan: Plan) -> Sequence[Mapping[str, Any]]:
    return () if plan.difference is None else plan.difference["changes"]
