"""Puts an offer into the shape the phone shows: no name and no exact place."""

from datetime import datetime, timedelta

from marketplace.counter_offers.queries import Bargain
from marketplace.counter_offers.views import shown
from marketplace.offers.queries import OfferRow
from marketplace.pay_changes.lifecycle import Side
from mobile_api.offers.schemas import OfferCard

AREA_DIGITS = 2
"""About a kilometre: where the work is, not whose door it is."""
_COLUMNS = (
    "id visit_id kind bundle_id status pay_cents expenses_cents currency expected_minutes"
    " travel_seconds beside_visit_id apart_cents starts_at ends_at expires_at asked_count wave"
).split()


def offer_card(row: OfferRow, bargain: Bargain, now: datetime) -> OfferCard:
    offer, visit, order, kind, site = row
    latest = bargain.latest
    in_time = offer.expires_at > now
    return OfferCard.model_validate(
        {
            **{name: getattr(offer, name) for name in _COLUMNS},
            "work_type": kind.name,
            "title": order.title,
            "pay_cents_per_hour": pay_per_hour(
                offer.pay_cents, offer.expected_minutes, offer.whole_way_seconds
            ),
            "way_seconds": offer.whole_way_seconds,
            "p80_minutes": visit.p80_minutes,
            "skills": visit.skills,
            "credentials": visit.credentials,
            "area_latitude": round(site.latitude, AREA_DIGITS),
            "area_longitude": round(site.longitude, AREA_DIGITS),
            "moves": bargain.offer_moves(offer) if in_time else [],
            "counter": latest and shown(latest, offer, bargain, Side.FREELANCER),
        }
    )


def pay_per_hour(pay_cents: int, minutes: int, way_seconds: int) -> int:
    """What an offer earns per hour of work and of the travel that it adds, in cents."""
    whole = timedelta(minutes=minutes, seconds=way_seconds)
    return round(pay_cents * 3600 / whole.total_seconds())
