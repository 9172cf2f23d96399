"""The states of a payout, what is owed for what, and who is asked to pay it; plain Python."""

from enum import StrEnum

from dispatch.work_orders.lifecycle import IncompleteReason
from kernel.lifecycle import Lifecycle


class PayoutKind(StrEnum):
    """What the money is for; only adjustments, back-outs and no-shows can be below zero."""

    PAY = "pay"
    CALL_OUT = "call_out"
    """The way was made, and the work could not be done."""
    CANCELLATION = "cancellation"
    """The job was taken away shortly before it."""
    BACK_OUT = "back_out"
    """The job was given back shortly before it."""
    NO_SHOW = "no_show"
    """Nobody came to the job."""
    ADJUSTMENT = "adjustment"
    BONUS = "bonus"
    EXPENSE = "expense"


BY_RULE = frozenset(
    {
        PayoutKind.PAY,
        PayoutKind.CALL_OUT,
        PayoutKind.CANCELLATION,
        PayoutKind.BACK_OUT,
        PayoutKind.NO_SHOW,
    }
)
"""These follow from what happened: at most one of each for a visit and a person."""


class PayoutStatus(StrEnum):
    EARNED = "earned"
    APPROVED = "approved"
    DISPUTED = "disputed"
    RESOLVED = "resolved"
    PAID = "paid"
    REVERSED = "reversed"


_S = PayoutStatus
PAYOUT: Lifecycle[PayoutStatus] = Lifecycle(
    "payout",
    initial={_S.EARNED},
    moves={
        _S.EARNED: {_S.APPROVED, _S.DISPUTED, _S.REVERSED},
        _S.APPROVED: {_S.PAID, _S.DISPUTED, _S.REVERSED},
        _S.DISPUTED: {_S.RESOLVED, _S.REVERSED},
        _S.RESOLVED: {_S.PAID, _S.REVERSED},
        # paid -> approved: the bank sent the money back
        _S.PAID: {_S.APPROVED},
    },
)

PAYABLE = frozenset({_S.APPROVED, _S.RESOLVED})
"""The next payout run takes these."""

NOT_OUR_FAULT = frozenset({IncompleteReason.SKILL_MISSING, IncompleteReason.OTHER})
"""Nothing is owed by rule when a visit ends like this; the office can still grant something."""


def share_of(cents: int, pct: int) -> int:
    """That percentage, which may be below zero; half a cent counts as a whole one."""
    return (1 if pct >= 0 else -1) * ((cents * abs(pct) + 50) // 100)


def fee_of(cents: int, fee_bp: int) -> int:
    """The platform's fee for this pay, half a cent upwards."""
    return (cents * fee_bp + 5_000) // 10_000
