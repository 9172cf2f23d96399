"""HTTP for the office's side of counter-offers."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import OFFICE, PLANNERS
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from marketplace.counter_offers import queries, service
from marketplace.counter_offers.lifecycle import CounterStatus
from marketplace.counter_offers.models import CounterOffer
from marketplace.counter_offers.queries import Bargain
from marketplace.counter_offers.schemas import CounterAnswer, CounterIn, CounterShown
from marketplace.counter_offers.service import Wanted
from marketplace.counter_offers.views import shown
from marketplace.pay_changes.lifecycle import Side

Office = Annotated[Principal, Depends(require(*OFFICE))]
Planner = Annotated[Principal, Depends(require(*PLANNERS))]

router = Router(prefix="/api", tags=["offers"])


@router.get("/counter-offers")
def list_counter_offers(
    _: Office,
    session: Session,
    status: CounterStatus | None = None,
    offer_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[CounterShown]:
    """Newest first; those that are open wait for somebody's answer."""
    rows, following = paginate(
        session,
        queries.select_counters(status, offer_id),
        CounterOffer.id,
        cursor,
        limit,
        newest_first=True,
    )
    offers = queries.offers_of(session, rows)
    bargains = queries.bargains(session, offers)
    items = [
        shown(row, offers[row.offer_id], bargains.get(row.offer_id, Bargain()), Side.OFFICE)
        for row in rows
    ]
    return Page(items=items, next_cursor=following)


@router.post("/offers/{offer_id}/counter", status_code=201)
def counter(offer_id: UUID, wanted: CounterIn, planner: Planner, session: Session) -> CounterShown:
    """Answer a freelancer's terms with others."""
    terms = Wanted(**wanted.model_dump())
    made = service.propose(session, offer_id, Side.OFFICE, terms, principal=planner)
    return _shown(session, made)


@router.post("/counter-offers/{counter_id}/accept")
def accept(counter_id: UUID, planner: Planner, session: Session) -> CounterShown:
    """Agree to a freelancer's terms; above the limit of the pay terms not as a dispatcher."""
    made, _ = service.accept(session, counter_id, Side.OFFICE, principal=planner)
    return _shown(session, made)


@router.post("/counter-offers/{counter_id}/decline")
def decline(counter_id: UUID, wanted: CounterAnswer, _: Planner, session: Session) -> CounterShown:
    """Say no: the offer stands as it was made."""
    return _shown(session, service.decline(session, counter_id, Side.OFFICE, answer=wanted.answer))


@router.post("/counter-offers/{counter_id}/take-back")
def take_back(counter_id: UUID, _: Planner, session: Session) -> CounterShown:
    """Propose the office's own terms no longer."""
    return _shown(session, service.take_back(session, counter_id, Side.OFFICE))


def _shown(session: Session, counter: CounterOffer) -> CounterShown:
    made, offer = queries.get_with_offer(session, counter.id)
    return shown(made, offer, queries.bargain_of(session, offer.id), Side.OFFICE)
