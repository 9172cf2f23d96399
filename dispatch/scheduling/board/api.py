"""The day board, one visit, and the day sheet."""

from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from dispatch.accounts.access import Office
from dispatch.scheduling.board import queries
from dispatch.scheduling.board.schemas import BoardOut, VisitCard
from dispatch.scheduling.board.sheet import render
from kernel.http import Router, Session, set_etag
from kernel.shapes import Day

router = Router(prefix="/api", tags=["schedule"])


@router.get("/board")
def get_board(session: Session, _: Office, territory_id: UUID, day: Day | None = None) -> BoardOut:
    """A territory's local day (today): technicians, their visits, what waits, what is at risk."""
    return BoardOut.of(queries.board(session, territory_id, day))


@router.get("/visits/{visit_id}")
def get_visit(session: Session, _: Office, response: Response, visit_id: UUID) -> VisitCard:
    """With everybody assigned, pins, the promise, and the moves that its state allows."""
    card = queries.get_card(session, visit_id)
    set_etag(response, card.visit.version)
    return VisitCard.of(card)


@router.get("/technicians/{technician_id}/day-sheet", response_class=HTMLResponse)
def get_day_sheet(session: Session, _: Office, technician_id: UUID, day: Day | None = None) -> str:
    """A page for the printer."""
    return render(queries.day_sheet(session, technician_id, day))
