"""HTTP for how we keep our promises: everybody who works with us may see it."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends

from dispatch.accounts.roles import FIELD, STAFF
from kernel.auth import require
from kernel.clock import now
from kernel.http import Router, Session
from kernel.principal import Principal
from marketplace.buyer_quality.queries import measure
from marketplace.buyer_quality.schemas import BuyerQualityShown
from marketplace.trust_terms.queries import terms_in_force

LOOKED_BACK = timedelta(days=90)
Reader = Annotated[Principal, Depends(require(*STAFF, *FIELD))]

router = Router(prefix="/api/buyer-quality", tags=["trust"])


@router.get("")
def get_quality(session: Session, _: Reader) -> BuyerQualityShown:
    """How soon we answered and approved, and how often we refused or took away, in 90 days."""
    found, terms = measure(session, now(session) - LOOKED_BACK), terms_in_force(session)
    return BuyerQualityShown(
        since=found.since,
        reply_hours=found.reply_hours,
        reply_hours_promised=terms.reply_hours,
        approve_hours=found.approve_hours,
        approve_hours_promised=terms.approve_hours,
        refused_pct=found.refused_pct,
        refused_pct_promised=terms.refused_pct,
        cancelled_pct=found.cancelled_pct,
        cancelled_pct_promised=terms.cancelled_pct,
    )
