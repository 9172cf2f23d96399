"""The states of a change of pay, and who may decide about it; plain Python."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class PayChangeKind(StrEnum):
    ADJUSTMENT = "adjustment"
    BONUS = "bonus"
    EXPENSE = "expense"


class PayChangeStatus(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


PAY_CHANGE: Lifecycle[PayChangeStatus] = Lifecycle(
    "pay_change",
    initial={PayChangeStatus.ASKED},
    moves={PayChangeStatus.ASKED: {PayChangeStatus.APPROVED, PayChangeStatus.REFUSED}},
)


class Side(StrEnum):
    OFFICE = "office"
    FREELANCER = "freelancer"


def decider(cents: int) -> Side:
    """Less pay is for the freelancer to agree to, more pay for the office."""
    return Side.FREELANCER if cents < 0 else Side.OFFICE
