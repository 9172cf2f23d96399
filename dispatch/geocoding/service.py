"""Finding addresses: what is known, else one question at a time at the pace the geocoder asks."""

import re
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dispatch.geocoding import queries
from dispatch.geocoding.models import GeocodedAddress
from dispatch.geocoding.ports import Found, Geocoder, GeocoderDown, geocoder
from kernel.db import transaction
from kernel.errors import Conflict, Invalid, Limited, Unavailable
from kernel.geo import Point, distance_m
from kernel.log import get_logger

log = get_logger(__name__)

KEEP, KEEP_UNKNOWN = timedelta(days=180), timedelta(days=1)
"""So long an answer counts: that of an address nobody knew less, it may be new."""
SAME_PLACE_M = 500.0
"""Answers this near to each other mean one place."""


def is_on() -> bool:
    """Somebody knows addresses; otherwise people set every pin."""
    return geocoder() is not None


def find(address: str) -> Sequence[Found]:
    """The places an address may mean, the best first; nothing where it is not known.

    Raises Conflict `geocoder_off`, Unavailable `geocoder_down`, Limited `geocoder_busy`. Opens
    short transactions of its own: what was answered is kept whatever becomes of the caller.
    """
    asked = geocoder()
    if asked is None:
        raise Conflict("No geocoder is set up: set the pin by hand.", code="geocoder_off")
    wanted = spelling(address)
    with transaction(aside=True) as session:
        known = queries.find_known(session, asked.name, wanted, KEEP, KEEP_UNKNOWN)
    if known is not None:
        return known
    try:
        with transaction(aside=True) as session:
            return _ask(session, asked, wanted)
    except GeocoderDown as down:
        log.warning("geocoder_down", geocoder=asked.name, why=str(down))
        raise Unavailable(
            "The geocoder does not answer: set the pin by hand, or try again.",
            code="geocoder_down",
            retry_after_seconds=down.retry_after,
        ) from down
    except DBAPIError as waited:
        raise Limited(
            "Many addresses are being looked for: try again in a moment.", code="geocoder_busy"
        ) from waited


def locate(address: str) -> Found:
    """The one place an address means.

    Raises Invalid `address_not_found`, or `address_ambiguous` with the places, and as `find`.
    """
    places = find(address)
    if not places:
        raise Invalid(
            "This address was not found. Check it, or set the pin by hand.",
            code="address_not_found",
            address=address,
        )
    best = places[0]
    here = Point(best.latitude, best.longitude)
    if any(
        distance_m(here, Point(place.latitude, place.longitude)) > SAME_PLACE_M
        for place in places[1:]
    ):
        raise Invalid(
            "This address may be several places. Choose one, or say more.",
            code="address_ambiguous",
            places=[asdict(place) for place in places],
        )
    return best


def _ask(session: Session, asked: Geocoder, address: str) -> Sequence[Found]:
    """One process at a time where the geocoder wants a pause between questions."""
    if asked.pause_seconds:
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
            {"name": f"geocoder:{asked.name}"},
        )
        since = queries.seconds_since_asked(session, asked.name)
        if since is not None and since < asked.pause_seconds:
            time.sleep(float(asked.pause_seconds - float(since)))
    places = asked.find(address)
    _keep(session, asked.name, address, places)
    return places


def _keep(session: Session, name: str, address: str, places: Sequence[Found]) -> None:
    statement = insert(GeocodedAddress).values(
        geocoder=name, address=address, places=[asdict(place) for place in places]
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["geocoder", "address"],
            set_={"places": statement.excluded.places, "asked_at": text("clock_timestamp()")},
        )
    )


def spelling(address: str) -> str:
    """One spelling for what differs in spaces and capitals only."""
    return re.sub(r"\s+", " ", address).strip().casefold()
