"""What can come of a command."""

from enum import StrEnum


class CommandOutcome(StrEnum):
    """What came of a command the first and only time it was tried."""

    APPLIED = "applied"
    REFUSED = "refused"


class ResultStatus(StrEnum):
    """What the phone is told: forget the command, or show why it was refused."""

    APPLIED = "applied"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
