"""Why a score changed, in words; plain Python."""

from datetime import timedelta

from marketplace.scores.lifecycle import ChangeCause, FactKind

_HAPPENED = {
    FactKind.ON_TIME: "You came in time.",
    FactKind.LATE: "You came {value} minutes after the promised time.",
    FactKind.BACK_OUT_EARLY: "You gave a job or stand-by back {value} hours before it began.",
    FactKind.BACK_OUT_LATE: "You gave a job or stand-by back {value} hours before it began.",
    FactKind.NO_SHOW: "You did not come to a job.",
    FactKind.APPROVED: "Your work was approved.",
    FactKind.RATED: "A customer gave your work {value} of 5 stars.",
}
_SINCE = {
    ChangeCause.ADDED: "",
    ChangeCause.CORRECTED: " That was put right.",
    ChangeCause.UNDONE: " That was a mistake and does not count any more.",
    ChangeCause.GRANTED: " Somebody looked again and agreed with you: it does not count any more.",
    ChangeCause.REFUSED: " Somebody looked again: it still counts.",
}


def sentence(kind: FactKind, value: int | None, cause: ChangeCause, before: int, after: int) -> str:
    """What happened, what became of it, and the points before and after."""
    moved = f"Your score went from {before} to {after}."
    stayed = f"Your score stays at {after}."
    happened = _HAPPENED[kind].format(value=value)
    return f"{happened}{_SINCE[cause]} {moved if before != after else stayed}"


def whole_hours(span: timedelta) -> int:
    return max(int(span / timedelta(hours=1)), 0)


def whole_minutes(span: timedelta) -> int:
    return int(span / timedelta(minutes=1))
