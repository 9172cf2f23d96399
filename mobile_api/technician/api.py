"""HTTP for the technician's and freelancer's phone; only one's own visits."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from dispatch.scheduling.moves.delays import announce_late
from dispatch.technicians import service as technicians
from kernel.clock import now
from kernel.db import because
from kernel.http import Router, Session, set_etag
from marketplace.back_outs import service as back_outs
from marketplace.back_outs.schemas import BackOutTerms
from mobile_api.technician import queries, service, views
from mobile_api.technician.access import FieldId, FieldPrincipal
from mobile_api.technician.schemas import (
    AbsenceReport,
    AbsenceShown,
    BackOut,
    Day,
    Duty,
    DutyShown,
    Late,
    LateShown,
    Move,
    TechnicianMe,
    VisitSheet,
)
from mobile_api.values import Day as LocalDay
from mobile_api.values import plausible

router = Router(prefix="/api/technician", tags=["technician"])


@router.get("/me")
def me(technician_id: FieldId, session: Session) -> TechnicianMe:
    """Who is signed in, and the time that counts."""
    technician = queries.get_technician(session, technician_id)
    territory = queries.get_territory(session, technician)
    return TechnicianMe(
        id=technician.id,
        name=technician.name,
        employment=technician.employment,
        on_duty=technician.on_duty,
        territory_id=territory.id,
        territory_name=territory.name,
        time_zone=territory.time_zone,
        now=now(session),
    )


@router.get("/day")
def day(
    principal: FieldPrincipal,
    technician_id: FieldId,
    session: Session,
    day: Annotated[LocalDay | None, Query(description="local day; today when left out")] = None,
) -> Day:
    """The agenda of a local day with everything that is needed without a network."""
    return views.day_shown(service.open_day(session, principal, technician_id, day))


@router.get("/visits/{visit_id}")
def visit(
    visit_id: UUID,
    principal: FieldPrincipal,
    technician_id: FieldId,
    session: Session,
    response: Response,
) -> VisitSheet:
    """One of one's own visits."""
    sheet = service.open_visit(session, principal, technician_id, visit_id)
    set_etag(response, sheet.job.visit.version)
    return views.visit_sheet(sheet)


@router.post("/visits/{visit_id}/move")
def move(
    visit_id: UUID,
    wanted: Move,
    principal: FieldPrincipal,
    technician_id: FieldId,
    session: Session,
) -> VisitSheet:
    """Take the next step of one's own visit."""
    because(session, wanted.reason, device_at=plausible(wanted.at))
    service.make_move(
        session,
        technician_id,
        visit_id,
        wanted.to,
        reason=wanted.reason,
        report=wanted.report,
        verdict=wanted.verdict,
    )
    return views.visit_sheet(service.open_visit(session, principal, technician_id, visit_id))


@router.post("/visits/{visit_id}/back-out", status_code=204)
def back_out(visit_id: UUID, wanted: BackOut, technician_id: FieldId, session: Session) -> None:
    """Give an accepted visit back; others are asked."""
    because(session, wanted.reason)
    service.back_out(session, technician_id, visit_id, wanted.reason)


@router.get("/visits/{visit_id}/back-out")
def back_out_terms(visit_id: UUID, technician_id: FieldId, session: Session) -> BackOutTerms:
    """What giving the visit back would cost now."""
    cost = back_outs.cost_now(session, visit_id, technician_id)
    return BackOutTerms(**cost._asdict())


@router.post("/visits/{visit_id}/late")
def late(visit_id: UUID, wanted: Late, technician_id: FieldId, session: Session) -> LateShown:
    """Say when one will be there; what cannot be kept is planned again."""
    because(session, wanted.reason)
    notice = announce_late(session, visit_id, technician_id, wanted.minutes, wanted.reason)
    visit = queries.get_own_visit(session, technician_id, visit_id)
    return LateShown(visit_id=visit_id, expected_at=notice.arrives_at, at_risk=visit.at_risk)


@router.post("/duty")
def duty(wanted: Duty, technician_id: FieldId, session: Session) -> DutyShown:
    """The switch that also governs tracking."""
    technician = service.set_duty(session, technician_id, on_duty=wanted.on_duty)
    return DutyShown(on_duty=technician.on_duty)


@router.post("/absences", status_code=201)
def report_absence(wanted: AbsenceReport, technician_id: FieldId, session: Session) -> AbsenceShown:
    """Say that one will be away; the schedule reacts."""
    absence = technicians.report_own_absence(
        session, technician_id, wanted.starts_at, wanted.ends_at, wanted.kind, wanted.reason
    )
    return AbsenceShown.model_validate(absence)
