"""How a suspension and an appeal against it move."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class SuspensionStatus(StrEnum):
    IN_FORCE = "in_force"
    LIFTED = "lifted"


class AppealStatus(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    """The suspension stays."""
    GRANTED = "granted"
    """The suspension is lifted."""


SUSPENSION = Lifecycle(
    "suspension",
    initial={SuspensionStatus.IN_FORCE},
    moves={SuspensionStatus.IN_FORCE: {SuspensionStatus.LIFTED}},
)
APPEAL = Lifecycle(
    "appeal",
    initial={AppealStatus.OPEN},
    moves={AppealStatus.OPEN: {AppealStatus.UPHELD, AppealStatus.GRANTED}},
)
