"""HTTP for the office to answer rate cards."""

from uuid import UUID

from dispatch.accounts.access import Office, Planner
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import NoteIn, page_of
from marketplace.rate_cards import queries, service
from marketplace.rate_cards.lifecycle import RateCardStatus
from marketplace.rate_cards.models import RateCard
from marketplace.rate_cards.schemas import RateCardOut

router = Router(prefix="/api/rate-cards", tags=["crowd"])


@router.get("")
def list_cards(
    _: Office,
    session: Session,
    technician_id: UUID | None = None,
    status: RateCardStatus | None = None,
    cursor: str | None = None,
) -> Page[RateCardOut]:
    """Newest first."""
    statement = queries.select_cards(technician_id, status)
    found = paginate(session, statement, RateCard.id, cursor, newest_first=True)
    return page_of(RateCardOut, found)


@router.post("/{card_id}/approve", response_model=RateCardOut)
def approve_card(card_id: UUID, _: Planner, session: Session) -> RateCard:
    """In force from now on."""
    return service.approve_card(session, card_id)


@router.post("/{card_id}/refuse", response_model=RateCardOut)
def refuse_card(card_id: UUID, body: NoteIn, _: Planner, session: Session) -> RateCard:
    """The rates before stay in force."""
    return service.refuse_card(session, card_id, body.note)
