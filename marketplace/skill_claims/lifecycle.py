"""How a claimed skill becomes one that counts."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class ClaimStatus(StrEnum):
    CLAIMED = "claimed"
    APPROVED = "approved"
    REFUSED = "refused"


CLAIM = Lifecycle(
    "skill_claim",
    initial={ClaimStatus.CLAIMED},
    moves={ClaimStatus.CLAIMED: {ClaimStatus.APPROVED, ClaimStatus.REFUSED}},
)
