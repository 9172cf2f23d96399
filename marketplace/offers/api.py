"""HTTP for the office's view of offers."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import OFFICE, PLANNERS
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from marketplace.offers import queries, service
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.models import Offer
from marketplace.offers.schemas import OfferShown

Office = Annotated[Principal, Depends(require(*OFFICE))]
Planner = Annotated[Principal, Depends(require(*PLANNERS))]

router = Router(prefix="/api/offers", tags=["offers"])


@router.get("")
def list_offers(
    office: Office,
    session: Session,
    status: OfferStatus | None = None,
    visit_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[OfferShown]:
    """Offers, newest first."""
    rows, following = paginate(
        session,
        queries.select_offers(status, visit_id),
        Offer.id,
        cursor,
        limit,
        newest_first=True,
    )
    return Page(items=[OfferShown.model_validate(row) for row in rows], next_cursor=following)


@router.post("/{offer_id}/withdraw")
def withdraw(offer_id: UUID, planner: Planner, session: Session) -> OfferShown:
    """Take an open offer back."""
    return OfferShown.model_validate(service.withdraw(session, offer_id))
