"""Facts about offers that other packages may learn of."""

from dataclasses import dataclass
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OfferSent(Event):
    """A freelancer was asked to take a visit."""

    offer_id: UUID
    visit_id: UUID
    wave: int


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(Event):
    """A freelancer took the visit; the assignment exists."""

    offer_id: UUID
    visit_id: UUID
    assignment_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferEnded(Event):
    """An offer came to its end without being taken; never published as such."""

    offer_id: UUID
    visit_id: UUID
    bundle_id: UUID | None = None
    was_countered: bool = False


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(OfferEnded):
    """A freelancer said no."""


@dataclass(frozen=True, kw_only=True)
class OfferExpired(OfferEnded):
    """Nobody answered the offer in time."""


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(OfferEnded):
    """The office, or another way of serving the visit, took the offer back."""


@dataclass(frozen=True, kw_only=True)
class CounterOfferMoved(Event):
    """Other terms were proposed for an offer, by `side`, or became `to_status`."""

    counter_offer_id: UUID
    offer_id: UUID
    visit_id: UUID
    side: str
    to_status: str


@dataclass(frozen=True, kw_only=True)
class OfferFilled(OfferEnded):
    """Another freelancer won the visit."""


@dataclass(frozen=True, kw_only=True)
class StandByMoved(Event):
    """A stand-by was offered, taken, is over, fell back to the rota, or came to nothing."""

    stand_by_id: UUID
    to_status: str


@dataclass(frozen=True, kw_only=True)
class StandByUncovered(Event):
    """Nobody has a stand-by, and nobody is left to ask: a dispatcher has to act."""

    stand_by_id: UUID


@dataclass(frozen=True, kw_only=True)
class FreelancerBackedOut(Event):
    """A freelancer gave an accepted visit back."""

    visit_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConfirmationMoved(Event):
    """A freelancer was asked on the evening before whether to come, answered, or did not."""

    confirmation_id: UUID
    visit_id: UUID
    to_status: str


@dataclass(frozen=True, kw_only=True)
class FreelancerNoShow(Event):
    """A freelancer did not come to an accepted visit."""

    visit_id: UUID


@dataclass(frozen=True, kw_only=True)
class ScoreChanged(Event):
    """A fact about `technician_id`, who is always set, was counted or dropped."""

    points: int


@dataclass(frozen=True, kw_only=True)
class ReviewAsked(Event):
    """A freelancer wants a person to look again at what was decided."""

    review_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReviewDue(Event):
    """Published for the future with a review; due when it should have been answered."""

    review_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReviewOverdue(Event):
    """Nobody answered a review in time: a manager has to act."""

    review_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReviewAnswered(Event):
    """Somebody looked again and answered."""

    review_id: UUID
    status: str


@dataclass(frozen=True, kw_only=True)
class PayoutMoved(Event):
    """Money that a freelancer earned changed its status; without one before: it was earned."""

    payout_id: UUID
    from_status: str | None
    to_status: str


@dataclass(frozen=True, kw_only=True)
class TransferPrepared(Event):
    """Money waits to be sent to a payee's bank."""

    transfer_id: UUID
