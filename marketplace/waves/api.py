"""HTTP for offering a visit by hand."""

from typing import Annotated

from fastapi import Depends

from dispatch.accounts.roles import PLANNERS
from kernel.auth import require
from kernel.http import Router, Session
from kernel.principal import Principal
from marketplace.offers.schemas import OfferRequest, OfferShown
from marketplace.waves import service

Planner = Annotated[Principal, Depends(require(*PLANNERS))]

router = Router(prefix="/api/offers", tags=["offers"])


@router.post("", status_code=201)
def offer_visit(wanted: OfferRequest, planner: Planner, session: Session) -> list[OfferShown]:
    """Ask freelancers to take a visit; an empty list when nobody can."""
    made = service.offer_by_hand(
        session,
        wanted.visit_id,
        principal=planner,
        **wanted.model_dump(exclude={"visit_id"}),
    )
    return [OfferShown.model_validate(offer) for offer in made]
