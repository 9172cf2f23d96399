"""Assigning, moving, locking and calling back visits by hand; a technician fallen ill."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from dispatch.accounts.access import Planner
from dispatch.scheduling.board.queries import get_card
from dispatch.scheduling.board.schemas import PinOut, VisitCard
from dispatch.scheduling.checks.service import AssignmentCheck, check_assignment
from dispatch.scheduling.desk import service
from dispatch.scheduling.desk.schemas import (
    AssignIn,
    CheckIn,
    CheckOut,
    MoveIn,
    NoAccessIn,
    NoAccessOut,
    PinIn,
    ReasonIn,
    SickIn,
)
from dispatch.scheduling.moves.models import NoAccess
from dispatch.scheduling.moves.no_access import record_no_access
from dispatch.scheduling.moves.service import move
from dispatch.scheduling.pins.models import Pin, PinKind
from dispatch.scheduling.pins.service import pin, unpin
from dispatch.scheduling.policies.service import dispatch
from dispatch.scheduling.staffing.service import recall, unassign
from dispatch.technicians.models import Absence
from dispatch.technicians.schemas import AbsenceOut
from kernel.http import Router, SeenVersion, Session, set_etag

router = Router(prefix="/api", tags=["schedule"])


@router.post("/visits/{visit_id}/check-assignment", response_model=CheckOut)
def check(session: Session, _: Planner, visit_id: UUID, wanted: CheckIn) -> AssignmentCheck:
    """What assigning would mean: violations, travel and cost. Nothing is written."""
    return check_assignment(session, visit_id, wanted.technician_ids, wanted.starts_at)


@router.post("/visits/{visit_id}/assign")
def assign(
    session: Session,
    _: Planner,
    response: Response,
    visit_id: UUID,
    wanted: AssignIn,
    seen: SeenVersion,
) -> VisitCard:
    """409 `violations` tells everything that is wrong and not accepted."""
    service.assign_by_hand(
        session, visit_id, expected_version=seen, **wanted.model_dump(exclude_none=True)
    )
    return _card(session, response, visit_id)


@router.post("/visits/{visit_id}/unassign")
def take_off(
    session: Session,
    _: Planner,
    response: Response,
    visit_id: UUID,
    why: ReasonIn,
    seen: SeenVersion,
) -> VisitCard:
    """The visit waits again; a promise to the customer stands."""
    unassign(session, visit_id, why.reason, expected_version=seen)
    return _card(session, response, visit_id)


@router.post("/visits/{visit_id}/recall")
def call_back(
    session: Session, _: Planner, response: Response, visit_id: UUID, seen: SeenVersion
) -> VisitCard:
    """A dispatched visit is only planned again."""
    recall(session, visit_id, expected_version=seen)
    return _card(session, response, visit_id)


@router.post("/visits/{visit_id}/dispatch")
def send_out(
    session: Session, _: Planner, response: Response, visit_id: UUID, seen: SeenVersion
) -> VisitCard:
    """Send a planned visit to its technician now."""
    dispatch(session, visit_id, expected_version=seen)
    return _card(session, response, visit_id)


@router.post("/visits/{visit_id}/move")
def make_move(
    session: Session,
    _: Planner,
    response: Response,
    visit_id: UUID,
    wanted: MoveIn,
    seen: SeenVersion,
) -> VisitCard:
    """Any move that the visit's state allows (`moves` of the visit)."""
    move(
        session,
        visit_id,
        wanted.to,
        reason=wanted.reason,
        at=wanted.at,
        expected_version=seen,
    )
    return _card(session, response, visit_id)


@router.put("/visits/{visit_id}/pins", response_model=PinOut)
def put_pin(session: Session, _: Planner, visit_id: UUID, wanted: PinIn) -> Pin:
    """Lock technician, day, time or window; one of each kind."""
    return pin(session, visit_id, **wanted.model_dump())


@router.delete("/visits/{visit_id}/pins", status_code=204)
def delete_pins(
    session: Session,
    _: Planner,
    visit_id: UUID,
    kind: Annotated[PinKind | None, Query()] = None,
) -> None:
    """Unlock one kind, or everything."""
    unpin(session, visit_id, kind)


@router.post("/visits/{visit_id}/no-access", response_model=NoAccessOut, status_code=201)
def no_access(session: Session, _: Planner, visit_id: UUID, noted: NoAccessIn) -> NoAccess:
    """Nobody let the technician in: evidence, paused clocks, charge by rule, rebooking offered."""
    return record_no_access(
        session,
        visit_id,
        call_log=[note.model_dump(mode="json") for note in noted.call_log],
        waited_minutes=noted.waited_minutes,
        photo_id=noted.photo_id,
    )


@router.post("/technicians/{technician_id}/sick", response_model=AbsenceOut, status_code=201)
def sick(session: Session, _: Planner, technician_id: UUID, noted: SickIn) -> Absence:
    """The visits of that time are released and planned again."""
    return service.report_sick(session, technician_id, **noted.model_dump())


def _card(session: Session, response: Response, visit_id: UUID) -> VisitCard:
    card = get_card(session, visit_id)
    set_etag(response, card.visit.version)
    return VisitCard.of(card)
