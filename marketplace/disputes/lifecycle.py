"""The states of a dispute; plain Python."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class DisputeStatus(StrEnum):
    OPEN = "open"
    SETTLED = "settled"


DISPUTE: Lifecycle[DisputeStatus] = Lifecycle(
    "dispute",
    initial={DisputeStatus.OPEN},
    moves={DisputeStatus.OPEN: {DisputeStatus.SETTLED}},
)
