"""Asking for plans and looking at them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office, Planner
from dispatch.scheduling.plans import queries, service
from dispatch.scheduling.plans.concerned import Concerned
from dispatch.scheduling.plans.lifecycle import PlanKind, PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.requests import request_day
from dispatch.scheduling.plans.schemas import DayIn, PlanDetail, PlanDifference, PlanIn, PlanLine
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import page_of

router = Router(prefix="/api/plans", tags=["plans"])


@router.post("", response_model=PlanLine, status_code=202)
def request_plan(session: Session, _: Planner, wanted: PlanIn | None = None) -> Plan:
    """Plan now: solved in the background; a request that still waits is answered with that one.

    A draft shows what would change, and changes nothing until it is applied.
    """
    values = (wanted or PlanIn()).model_dump()
    kind = PlanKind.DRAFT if values.pop("draft") else PlanKind.PLAN
    return service.request_plan(session, kind=kind, **values)


@router.post("/day", response_model=PlanLine, status_code=202)
def plan_day(session: Session, _: Planner, wanted: DayIn) -> Plan:
    """Plan what is left of one technician's day: nobody else's changes. Waits to be applied when
    it would break more promises than the policy allows."""
    return request_day(session, wanted.technician_id, wanted.day)


@router.get("")
def list_plans(
    session: Session,
    _: Office,
    territory_id: UUID | None = None,
    status: PlanStatus | None = None,
    parent_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Page[PlanLine]:
    """Newest first; with `parent_id` the parts of that plan."""
    found = paginate(
        session,
        queries.select_plans(territory_id, status, parent_id),
        Plan.id,
        cursor,
        limit,
        newest_first=True,
    )
    return page_of(PlanLine, found)


@router.get("/{plan_id}", response_model=PlanDetail)
def get_plan(session: Session, _: Office, plan_id: UUID) -> Plan:
    """With the input and the result."""
    return queries.get_plan(session, plan_id)


@router.get("/{plan_id}/difference", response_model=PlanDifference)
def get_difference(session: Session, _: Office, plan_id: UUID) -> Concerned:
    """What it would change, with names; without the input, which is large."""
    return queries.concerned(session, plan_id)


@router.post("/{plan_id}/apply", response_model=PlanLine, status_code=202)
def apply_plan(session: Session, _: Planner, plan_id: UUID) -> Plan:
    """Put a draft into the schedule, in the background; what people changed meanwhile stays."""
    return service.approve(session, plan_id)


@router.post("/{plan_id}/drop", response_model=PlanLine)
def drop_plan(session: Session, _: Planner, plan_id: UUID) -> Plan:
    """Forget a draft; the schedule stays as it is."""
    return service.drop(session, plan_id)
