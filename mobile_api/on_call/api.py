"""One's own duty: seen, swapped, and answered when it calls."""

from datetime import timedelta

from dispatch.on_call import queries, service
from dispatch.on_call.lifecycle import CallOutStatus
from dispatch.on_call.models import CallOut, DutyChange
from dispatch.on_call.schemas import CallOutOut, DutyOut, RotaChangeOut
from dispatch.technicians.lifecycle import AbsenceKind
from dispatch.technicians.queries import list_absences
from kernel import clock
from kernel.http import Router, Session
from mobile_api.on_call.schemas import CallOutAnswer, OnCallMe, RestOut, SwapAnswer, SwapWanted
from mobile_api.technician.access import FieldId

router = Router(prefix="/api/technician/on-call", tags=["technician"])

SHOWN = timedelta(weeks=4)


@router.get("")
def on_call(technician_id: FieldId, session: Session) -> OnCallMe:
    now = clock.now(session)
    asked = queries.call_outs_of(session, technician_id=technician_id, status=CallOutStatus.ASKED)
    return OnCallMe(
        duties=[
            DutyOut(
                rota_id=rota.id,
                rota_name=rota.name,
                technician_id=duty.technician_id,
                starts_at=duty.starts_at,
                ends_at=duty.ends_at,
                is_change=duty.is_change,
            )
            for rota in queries.list_rotas(session)
            for duty in queries.duties_of(session, rota, now, now + SHOWN)
            if duty.technician_id == technician_id
        ],
        call_outs=[CallOutOut.model_validate(call) for call in asked if call.accept_by > now],
        swaps=[
            RotaChangeOut.model_validate(change)
            for change in queries.swaps_asked_of(session, technician_id, now)
        ],
        rests=[
            RestOut(starts_at=away.starts_at, ends_at=away.ends_at)
            for away in list_absences(session, [technician_id], now, now + SHOWN)
            if away.kind is AbsenceKind.REST
        ],
    )


@router.post("/swaps", response_model=RotaChangeOut, status_code=201)
def ask_swap(body: SwapWanted, technician_id: FieldId, session: Session) -> DutyChange:
    """Ask a colleague to take one's own duty."""
    return service.ask_swap(
        session,
        body.rota_id,
        technician_id,
        body.technician_id,
        body.starts_at,
        body.ends_at,
        body.reason,
    )


@router.post("/answers", response_model=RotaChangeOut)
def answer_swap(body: SwapAnswer, technician_id: FieldId, session: Session) -> DutyChange:
    return service.answer_swap(session, body.change_id, technician_id, accepted=body.accepted)


@router.post("/call-outs", response_model=CallOutOut)
def answer_call_out(body: CallOutAnswer, technician_id: FieldId, session: Session) -> CallOut:
    """Go at once, or have the next one asked."""
    answer = service.accept if body.accepted else service.decline
    return answer(session, body.call_out_id, technician_id)
