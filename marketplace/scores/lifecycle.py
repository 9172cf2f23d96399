"""What counts for a score; plain Python."""

from enum import StrEnum


class FactKind(StrEnum):
    """What was verified about an assignment. No kind says what somebody did with an offer."""

    ON_TIME = "on_time"
    LATE = "late"
    BACK_OUT_EARLY = "back_out_early"
    BACK_OUT_LATE = "back_out_late"
    NO_SHOW = "no_show"
    APPROVED = "approved"
    RATED = "rated"


class Aspect(StrEnum):
    """An assignment has one fact of each at most."""

    ATTENDANCE = "attendance"
    WORK = "work"
    RATING = "rating"


ASPECT = dict.fromkeys(FactKind, Aspect.ATTENDANCE) | {
    FactKind.APPROVED: Aspect.WORK,
    FactKind.RATED: Aspect.RATING,
}


class Dropped(StrEnum):
    """Why a fact does not count any more."""

    UNDONE = "undone"
    """It was put right where it was recorded."""
    GRANTED = "granted"
    """Somebody looked again and agreed with the freelancer."""


class ChangeCause(StrEnum):
    """What changed a score, or was looked at and left it."""

    ADDED = "added"
    CORRECTED = "corrected"
    UNDONE = "undone"
    GRANTED = "granted"
    REFUSED = "refused"
