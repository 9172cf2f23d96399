"""States of a credit."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class CreditStatus(StrEnum):
    GRANTED = "granted"
    REDEEMED = "redeemed"


CREDIT: Lifecycle[CreditStatus] = Lifecycle(
    "credit",
    initial={CreditStatus.GRANTED},
    moves={CreditStatus.GRANTED: {CreditStatus.REDEEMED}},
)
