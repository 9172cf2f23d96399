"""The states of a counter-offer, and what either side may do about it; plain Python."""

from datetime import timedelta
from enum import StrEnum

from kernel.lifecycle import Lifecycle
from marketplace.offers.lifecycle import ANSWERABLE, OfferStatus
from marketplace.pay_changes.lifecycle import Side


class CounterStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COUNTERED = "countered"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"
    """The offer came to its end without it."""


_S = CounterStatus
COUNTER_OFFER: Lifecycle[CounterStatus] = Lifecycle(
    "counter_offer",
    initial={_S.OPEN},
    moves={_S.OPEN: {_S.ACCEPTED, _S.DECLINED, _S.COUNTERED, _S.TAKEN_BACK, _S.LAPSED}},
)


class CounterMove(StrEnum):
    """What somebody may do about an offer or a counter-offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    COUNTER = "counter"
    TAKE_BACK = "take_back"


_M = CounterMove
MOST_ROUNDS = 3
"""Nobody proposes other terms more often for one offer."""
ANSWER_TIME = timedelta(minutes=30)
"""An offer stands at least so long after other terms were proposed, while there is time to go."""


def offer_moves(status: OfferStatus, rounds: int) -> list[CounterMove]:
    """What the freelancer may do about the offer as it was made, after so many own proposals."""
    if status in ANSWERABLE:
        return [_M.ACCEPT, _M.DECLINE, *([_M.COUNTER] if rounds < MOST_ROUNDS else [])]
    return [_M.DECLINE] if status is OfferStatus.COUNTERED else []


def counter_moves(
    status: CounterStatus, offer_status: OfferStatus, proposer: Side, side: Side, rounds: int
) -> list[CounterMove]:
    """What `side` may do about the counter-offer of `proposer`, after so many own proposals."""
    if status is not CounterStatus.OPEN or offer_status is not OfferStatus.COUNTERED:
        return []
    if proposer is side:
        return [_M.TAKE_BACK]
    return [_M.ACCEPT, _M.DECLINE, *([_M.COUNTER] if rounds < MOST_ROUNDS else [])]
