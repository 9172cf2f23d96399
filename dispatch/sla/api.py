"""Calendars, service levels and agreements, for the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office, Planner
from dispatch.sla import queries, service
from dispatch.sla.models import Agreement, Calendar, SlaPolicy
from dispatch.sla.schemas import (
    AgreementIn,
    AgreementOut,
    CalendarIn,
    CalendarOut,
    SlaPolicyIn,
    SlaPolicyOut,
)
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import page_of

router = Router(prefix="/api", tags=["service levels"])
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/calendars")
def list_calendars(
    session: Session, _: Office, cursor: str | None = None, limit: Limit = 50
) -> Page[CalendarOut]:
    statement = queries.select_calendars()
    return page_of(CalendarOut, paginate(session, statement, Calendar.id, cursor, limit))


@router.post("/calendars", response_model=CalendarOut, status_code=201)
def create_calendar(body: CalendarIn, session: Session, _: Planner) -> Calendar:
    return service.create_calendar(session, **body.model_dump())


@router.get("/sla-policies")
def list_policies(
    session: Session, _: Office, cursor: str | None = None, limit: Limit = 50
) -> Page[SlaPolicyOut]:
    statement = queries.select_policies()
    return page_of(SlaPolicyOut, paginate(session, statement, SlaPolicy.id, cursor, limit))


@router.post("/sla-policies", response_model=SlaPolicyOut, status_code=201)
def create_policy(body: SlaPolicyIn, session: Session, _: Planner) -> SlaPolicy:
    return service.create_policy(session, **body.model_dump())


@router.get("/agreements")
def list_agreements(
    session: Session,
    _: Office,
    customer_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Page[AgreementOut]:
    statement = queries.select_agreements(customer_id)
    return page_of(AgreementOut, paginate(session, statement, Agreement.id, cursor, limit))


@router.post("/agreements", response_model=AgreementOut, status_code=201)
def create_agreement(body: AgreementIn, session: Session, _: Planner) -> Agreement:
    return service.create_agreement(session, **body.model_dump())
