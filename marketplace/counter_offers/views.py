"""Puts a counter-offer into the shape that one side sees."""

from marketplace.counter_offers.models import CounterOffer
from marketplace.counter_offers.queries import Bargain
from marketplace.counter_offers.schemas import CounterShown
from marketplace.offers.models import Offer
from marketplace.pay_changes.lifecycle import Side


def shown(counter: CounterOffer, offer: Offer, bargain: Bargain, side: Side) -> CounterShown:
    return CounterShown(
        id=counter.id,
        offer_id=offer.id,
        visit_id=offer.visit_id,
        technician_id=offer.technician_id,
        side=counter.side,
        status=counter.status,
        offered_cents=offer.pay_cents,
        pay_cents=counter.pay_cents,
        currency=offer.currency,
        expenses_cents=counter.expenses_cents,
        starts_at=counter.starts_at,
        ends_at=counter.starts_at + (offer.ends_at - offer.starts_at),
        note=counter.note,
        answer=counter.answer,
        created_at=counter.created_at,
        expires_at=offer.expires_at,
        moves=bargain.counter_moves(offer, counter, side),
    )
