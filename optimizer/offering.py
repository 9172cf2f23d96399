"""Whom of a crowd to ask for a job, in which order, and what that is expected to cost."""

from __future__ import annotations

from optimizer.crowd import Crowd, Offer


def worth_asking(crowd: Crowd) -> tuple[Offer, ...]:
    """The offers in the order of asking: one per freelancer, none that costs more than nobody.

    Asked one after the other, the cheapest outcome per yes comes first; that order is best, as
    any two neighbours the other way round cost more. Who no longer has time to answer is left out.
    """
    best: dict[str, Offer] = {}
    for offer in crowd.offers:
        saved = _saved(offer, crowd.fallback_cents)
        known = best.get(offer.technician_id)
        if saved > 0 and (known is None or saved > _saved(known, crowd.fallback_cents)):
            best[offer.technician_id] = offer
    left, chosen = crowd.ask_until - crowd.ask_from, []
    ordered = sorted(
        best.values(), key=lambda o: (_cents_of_yes(o, crowd.fallback_cents), o.technician_id)
    )
    for offer in ordered:
        if offer.answer_seconds <= left:
            left -= offer.answer_seconds
            chosen.append(offer)
    return tuple(chosen)


def expected_cents(offers: tuple[Offer, ...], fallback_cents: int) -> float:
    """What asking them in this order costs on average."""
    cents, reached = 0.0, 1.0
    for offer in offers:
        said_yes = reached * offer.accept_pct / 100
        cents += said_yes * _cents_of_yes(offer, fallback_cents)
        reached -= said_yes
    return cents + reached * fallback_cents


def _cents_of_yes(offer: Offer, fallback_cents: int) -> float:
    """Pay when the freelancer comes, the fallback when not."""
    shows = offer.show_pct / 100
    return shows * offer.pay_cents + (1 - shows) * fallback_cents


def _saved(offer: Offer, fallback_cents: int) -> float:
    return offer.accept_pct / 100 * (fallback_cents - _cents_of_yes(offer, fallback_cents))
