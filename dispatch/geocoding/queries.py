"""Reading what geocoders answered."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session

from dispatch.geocoding.models import GeocodedAddress
from dispatch.geocoding.ports import Found


def find_known(
    session: Session, geocoder: str, address: str, keep: timedelta, keep_unknown: timedelta
) -> Sequence[Found] | None:
    """None when it was never asked, or too long ago."""
    kept = case((func.jsonb_array_length(GeocodedAddress.places) > 0, keep), else_=keep_unknown)
    places = session.scalar(
        select(GeocodedAddress.places).where(
            GeocodedAddress.geocoder == geocoder,
            GeocodedAddress.address == address,
            GeocodedAddress.asked_at > text("clock_timestamp()") - kept,
        )
    )
    return None if places is None else [Found(**place) for place in places]


def seconds_since_asked(session: Session, geocoder: str) -> float | None:
    """Since the last question of any process of ours; None when there was none."""
    return session.scalar(
        select(
            func.extract("epoch", text("clock_timestamp()") - func.max(GeocodedAddress.asked_at))
        ).where(GeocodedAddress.geocoder == geocoder)
    )
