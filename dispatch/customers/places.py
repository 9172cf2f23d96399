"""Rules for what a place is described with."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kernel.errors import Invalid
from kernel.geo import Point


def check_time_zone(name: str) -> str:
    """The name itself; Invalid `invalid_time_zone` unless it is an IANA zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            f"There is no time zone {name}.", code="invalid_time_zone", time_zone=name
        ) from error
    return name


def check_position(latitude: float, longitude: float) -> Point:
    """The point; Invalid `invalid_position` when it is not on the earth."""
    try:
        return Point(latitude, longitude)
    except ValueError as error:
        raise Invalid(f"This is no position: {error}.", code="invalid_position") from error
