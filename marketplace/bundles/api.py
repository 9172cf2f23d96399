"""HTTP for offering several visits as one."""

from dispatch.accounts.access import Planner
from kernel.http import Router, Session
from marketplace.bundles import service
from marketplace.bundles.schemas import BundleRequest
from marketplace.offers.schemas import OfferShown

router = Router(prefix="/api/bundles", tags=["offers"])


@router.post("", status_code=201)
def offer_bundle(wanted: BundleRequest, _: Planner, session: Session) -> list[OfferShown]:
    """Ask freelancers to take all of these visits; an empty list when nobody can."""
    made = service.offer_bundle(session, wanted.visit_ids, wanted.pool_id)
    return [OfferShown.model_validate(offer) for offer in made]
