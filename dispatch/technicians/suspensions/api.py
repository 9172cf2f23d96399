"""HTTP for suspensions: supervisors decide, and never about an appeal against themselves."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Manager, Office
from dispatch.technicians.suspensions import queries, service
from dispatch.technicians.suspensions.lifecycle import AppealStatus, SuspensionStatus
from dispatch.technicians.suspensions.models import Appeal, Suspension
from dispatch.technicians.suspensions.schemas import (
    AppealDecisionIn,
    AppealOut,
    LiftIn,
    SuspensionIn,
    SuspensionOut,
)
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import page_of

Limit = Annotated[int, Query(ge=1, le=200)]

router = Router(prefix="/api", tags=["technicians"])


@router.get("/suspensions")
def list_suspensions(
    session: Session,
    _: Office,
    technician_id: UUID | None = None,
    status: SuspensionStatus | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Page[SuspensionOut]:
    """Newest first."""
    statement = queries.select_suspensions(technician_id, status)
    found = paginate(session, statement, Suspension.id, cursor, limit, newest_first=True)
    return page_of(SuspensionOut, found)


@router.post(
    "/technicians/{technician_id}/suspensions", response_model=SuspensionOut, status_code=201
)
def suspend(technician_id: UUID, body: SuspensionIn, session: Session, by: Manager) -> Suspension:
    """No offers and no plans from now on; open work goes to others."""
    return service.suspend(session, technician_id, body.reason, by, body.ends_at)


@router.post("/suspensions/{suspension_id}/lift", response_model=SuspensionOut)
def lift(suspension_id: UUID, body: LiftIn, session: Session, by: Manager) -> Suspension:
    """Work may be given again."""
    return service.lift(session, suspension_id, body.reason, by)


@router.get("/appeals")
def list_appeals(
    session: Session,
    _: Office,
    technician_id: UUID | None = None,
    status: AppealStatus | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Page[AppealOut]:
    """Newest first."""
    statement = queries.select_appeals(technician_id, status)
    found = paginate(session, statement, Appeal.id, cursor, limit, newest_first=True)
    return page_of(AppealOut, found)


@router.post("/appeals/{appeal_id}/decide", response_model=AppealOut)
def decide(appeal_id: UUID, body: AppealDecisionIn, session: Session, by: Manager) -> Appeal:
    """By somebody else than who suspended the person; granting lifts the suspension."""
    return service.decide(session, appeal_id, granted=body.granted, answer=body.answer, by=by)
