"""The states of a review; plain Python."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class ReviewStatus(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


REVIEW: Lifecycle[ReviewStatus] = Lifecycle(
    "review",
    initial={ReviewStatus.OPEN},
    moves={ReviewStatus.OPEN: {ReviewStatus.GRANTED, ReviewStatus.REFUSED}},
)
