"""The hours of a week that traffic tells apart."""

from datetime import datetime
from enum import StrEnum


class Hours(StrEnum):
    """`all` is the whole week, from which the others differ."""

    ALL = "all"
    MORNING = "morning"
    DAY = "day"
    AFTERNOON = "afternoon"
    NIGHT = "night"
    WEEKEND = "weekend"


PARTS = tuple(hours for hours in Hours if hours is not Hours.ALL)
SATURDAY = 5
MORNING_FROM, DAY_FROM, AFTERNOON_FROM, NIGHT_FROM = 6, 9, 15, 19


def hours_of(local: datetime) -> Hours:
    """The part of the week that a local time lies in."""
    if local.weekday() >= SATURDAY:
        return Hours.WEEKEND
    if MORNING_FROM <= local.hour < DAY_FROM:
        return Hours.MORNING
    if DAY_FROM <= local.hour < AFTERNOON_FROM:
        return Hours.DAY
    if AFTERNOON_FROM <= local.hour < NIGHT_FROM:
        return Hours.AFTERNOON
    return Hours.NIGHT
