"""Rotas, who is on call, and calling people out, for the office."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from dispatch.accounts.access import Office, Planner
from dispatch.on_call import queries, service
from dispatch.on_call.models import CallOut, DutyChange, Rota
from dispatch.on_call.schemas import (
    CallOutOut,
    DutyOut,
    MembersIn,
    OnCallOut,
    RotaChangeIn,
    RotaChangeOut,
    RotaIn,
    RotaOut,
)
from dispatch.work_orders.queries import get_visit
from kernel import clock
from kernel.errors import Invalid
from kernel.http import Router, Session
from kernel.shapes import Moment

router = Router(prefix="/api", tags=["on-call"])

LONGEST = timedelta(days=366)


@router.get("/rotas", response_model=list[RotaOut])
def list_rotas(session: Session, _: Office, territory_id: UUID | None = None) -> Sequence[Rota]:
    return queries.list_rotas(session, territory_id)


@router.post("/rotas", response_model=RotaOut, status_code=201)
def create_rota(body: RotaIn, session: Session, _: Planner) -> Rota:
    return service.create_rota(session, **body.model_dump())


@router.put("/rotas/{rota_id}/members", response_model=RotaOut)
def set_members(rota_id: UUID, body: MembersIn, session: Session, _: Planner) -> Rota:
    """In the order of their turns."""
    return service.set_members(session, queries.get_rota(session, rota_id), body.member_ids)


@router.post("/rotas/{rota_id}/changes", response_model=RotaChangeOut, status_code=201)
def put_on_duty(rota_id: UUID, body: RotaChangeIn, session: Session, _: Planner) -> DutyChange:
    """An exception: this technician has the duty then."""
    return service.put_on_duty(session, rota_id, **body.model_dump())


@router.get("/on-call")
def list_duties(
    session: Session,
    _: Office,
    territory_id: UUID | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> list[DutyOut]:
    """Who has duty in `[start, end)`; from now for four weeks unless said otherwise."""
    first = start or clock.now(session)
    last = end or first + timedelta(weeks=4)
    if not first < last <= first + LONGEST:
        raise Invalid("Ask for up to a year.", code="empty_period")
    return [
        DutyOut(
            rota_id=rota.id,
            rota_name=rota.name,
            technician_id=duty.technician_id,
            starts_at=duty.starts_at,
            ends_at=duty.ends_at,
            is_change=duty.is_change,
        )
        for rota in queries.list_rotas(session, territory_id)
        for duty in queries.duties_of(session, rota, first, last)
    ]


@router.get("/on-call/now")
def on_call_now(
    session: Session, _: Office, territory_id: UUID | None = None, at: Moment | None = None
) -> list[OnCallOut]:
    """Who is on call now, or at a moment."""
    moment = at or clock.now(session)
    return [
        OnCallOut(
            rota_id=rota.id,
            rota_name=rota.name,
            territory_id=rota.territory_id,
            technician_ids=queries.on_call_at(session, rota, moment),
        )
        for rota in queries.list_rotas(session, territory_id)
    ]


@router.get("/visits/{visit_id}/call-outs", response_model=list[CallOutOut])
def list_call_outs(visit_id: UUID, session: Session, _: Office) -> Sequence[CallOut]:
    """Who was asked, in order."""
    get_visit(session, visit_id)
    return queries.call_outs_of(session, visit_ids=[visit_id])


@router.post("/visits/{visit_id}/call-outs", response_model=list[CallOutOut])
def call_out(visit_id: UUID, session: Session, _: Planner) -> Sequence[CallOut]:
    """Call out whoever is on call, whatever the time; gives everybody asked so far."""
    service.call_out(session, visit_id)
    return queries.call_outs_of(session, visit_ids=[visit_id])
