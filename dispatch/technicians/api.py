"""Technicians, their shifts and absences: read by the office, changed by planners."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from dispatch.accounts.access import Office, OfficeOrParts, Planner
from dispatch.technicians import queries, service
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Absence, Provider, Shift, Technician
from dispatch.technicians.qualifications.service import SkillHeld
from dispatch.technicians.schemas import (
    AbsenceIn,
    AbsenceOut,
    ProviderIn,
    ProviderOut,
    ShiftIn,
    ShiftOut,
    TechnicianIn,
    TechnicianOut,
    TechnicianPatch,
)
from kernel import clock
from kernel.http import IfMatch, Page, Router, Session, ensure_version, paginate, set_etag
from kernel.shapes import Moment, page_of

router = Router(prefix="/api", tags=["technicians"])


@router.get("/providers", response_model=list[ProviderOut])
def list_providers(session: Session, _: OfficeOrParts) -> list[Provider]:
    return queries.list_providers(session)


@router.post("/providers", response_model=ProviderOut, status_code=201)
def create_provider(body: ProviderIn, session: Session, _: Planner) -> Provider:
    return service.create_provider(session, name=body.name)


@router.get("/technicians")
def list_technicians(
    session: Session,
    _: OfficeOrParts,
    territory_id: UUID | None = None,
    employment: Employment | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    active: bool | None = True,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Page[TechnicianOut]:
    statement = queries.technicians_matching(territory_id, employment, words=q, active=active)
    return page_of(TechnicianOut, paginate(session, statement, Technician.id, cursor, limit))


@router.post("/technicians", response_model=TechnicianOut, status_code=201)
def create_technician(
    body: TechnicianIn, session: Session, _: Planner, response: Response
) -> Technician:
    technician = service.create_technician(
        session,
        **body.model_dump(exclude={"skills"}),
        skills=[SkillHeld(**skill.model_dump()) for skill in body.skills],
    )
    set_etag(response, technician.version)
    return technician


@router.get("/technicians/{technician_id}", response_model=TechnicianOut)
def get_technician(
    technician_id: UUID, session: Session, _: OfficeOrParts, response: Response
) -> Technician:
    technician = queries.get_technician(session, technician_id)
    set_etag(response, technician.version)
    return technician


@router.patch("/technicians/{technician_id}", response_model=TechnicianOut)
def update_technician(
    technician_id: UUID,
    body: TechnicianPatch,
    session: Session,
    _: Planner,
    seen: IfMatch,
    response: Response,
) -> Technician:
    technician = queries.get_technician(session, technician_id)
    ensure_version(technician, seen)
    service.update_technician(session, technician, body.changes())
    set_etag(response, technician.version)
    return technician


@router.get("/technicians/{technician_id}/shifts", response_model=list[ShiftOut])
def list_shifts(
    technician_id: UUID,
    session: Session,
    _: Office,
    start: Moment | None = None,
    end: Moment | None = None,
) -> list[Shift]:
    """Shifts that touch `[start, end)`; from now for two weeks unless said otherwise."""
    queries.get_technician(session, technician_id)
    first = start or clock.now(session)
    return queries.list_shifts(session, [technician_id], first, end or first + timedelta(days=14))


@router.post("/technicians/{technician_id}/shifts", response_model=ShiftOut, status_code=201)
def add_shift(technician_id: UUID, body: ShiftIn, session: Session, _: Planner) -> Shift:
    return service.add_shift(
        session,
        technician_id,
        **body.model_dump(exclude={"breaks"}),
        breaks=[service.BreakWanted(**wanted.model_dump()) for wanted in body.breaks],
    )


@router.delete("/technicians/{technician_id}/shifts/{shift_id}", status_code=204)
def remove_shift(technician_id: UUID, shift_id: UUID, session: Session, _: Planner) -> None:
    service.remove_shift(session, technician_id, shift_id)


@router.get("/technicians/{technician_id}/absences", response_model=list[AbsenceOut])
def list_absences(
    technician_id: UUID,
    session: Session,
    _: Planner,
    start: Moment | None = None,
    end: Moment | None = None,
) -> list[Absence]:
    """Absences that touch `[start, end)`; from now for a year unless said otherwise."""
    queries.get_technician(session, technician_id)
    first = start or clock.now(session)
    return queries.list_absences(
        session, [technician_id], first, end or first + timedelta(days=365)
    )


@router.post("/technicians/{technician_id}/absences", response_model=AbsenceOut, status_code=201)
def report_absence(technician_id: UUID, body: AbsenceIn, session: Session, _: Planner) -> Absence:
    return service.report_absence(session, technician_id, **body.model_dump())


@router.delete("/technicians/{technician_id}/absences/{absence_id}", status_code=204)
def withdraw_absence(technician_id: UUID, absence_id: UUID, session: Session, _: Planner) -> None:
    service.withdraw_absence(session, technician_id, absence_id)
