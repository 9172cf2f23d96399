"""The states of an offer and the moves between them."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class OfferStatus(StrEnum):
    """Where an offer stands between the office and one freelancer."""

    SENT = "sent"
    VIEWED = "viewed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COUNTERED = "countered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    FILLED = "filled"


class OfferKind(StrEnum):
    """Who is asked."""

    COMPUTED = "computed"
    """Whom a wave is worked out to ask."""
    DIRECT = "direct"
    """Those the office named, one or several at once."""
    POOL = "pool"
    """The best of a talent pool."""
    MARKET = "market"
    """Everybody who can do it."""
    BUNDLE = "bundle"
    """Several jobs as one route."""


_ENDS = {
    OfferStatus.ACCEPTED,
    OfferStatus.DECLINED,
    OfferStatus.EXPIRED,
    OfferStatus.WITHDRAWN,
    OfferStatus.FILLED,
}

OFFER = Lifecycle(
    "offer",
    initial={OfferStatus.SENT},
    moves={
        OfferStatus.SENT: {OfferStatus.VIEWED, OfferStatus.COUNTERED, *_ENDS},
        OfferStatus.VIEWED: {OfferStatus.COUNTERED, *_ENDS},
        # countered -> viewed: the other terms are off the table, the offer stands as it was made
        OfferStatus.COUNTERED: {OfferStatus.VIEWED, *_ENDS},
    },
)

ANSWERABLE = frozenset({OfferStatus.SENT, OfferStatus.VIEWED})
"""The freelancer may accept or decline."""

OPEN = ANSWERABLE | {OfferStatus.COUNTERED}
"""Something may still come of the offer; a visit with an open offer needs no further wave."""

UNANSWERED = frozenset({OfferStatus.EXPIRED, OfferStatus.DECLINED})
"""How a whole wave ends when nobody takes the visit."""
