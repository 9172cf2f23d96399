"""The accounts of the ledger, its movements, and what makes an entry whole; plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class AccountKind(StrEnum):
    """Where money is. Those of a payee say what has become of the payee's money so far."""

    BUYER = "buyer"
    """Below zero: what we, who buy the work, have spent or set aside."""
    HELD = "held"
    PLATFORM = "platform"
    BANK = "bank"
    """What has reached the payees' banks."""
    EARNED = "earned"
    DISPUTED = "disputed"
    PAYABLE = "payable"
    IN_TRANSIT = "in_transit"


OF_PAYEE = frozenset(
    {AccountKind.EARNED, AccountKind.DISPUTED, AccountKind.PAYABLE, AccountKind.IN_TRANSIT}
)


class Movement(StrEnum):
    """Why money moved."""

    HOLD = "hold"
    EARN = "earn"
    APPROVE = "approve"
    DISPUTE = "dispute"
    RESOLVE = "resolve"
    SEND = "send"
    PAY = "pay"
    REVERSE = "reverse"


@dataclass(frozen=True)
class Line:
    """So many cents onto an account, off it when negative; payees' accounts name their holder."""

    account: AccountKind
    cents: int
    holder_id: UUID | None = None

    def __post_init__(self) -> None:
        if (self.account in OF_PAYEE) != (self.holder_id is not None):
            raise ValueError("payees' accounts have a holder, and only these")


def moved(
    cents: int, frm: AccountKind, to: AccountKind, *, holder_id: UUID | None = None
) -> list[Line]:
    """From one account to another; `holder_id` is the payee of those that have one."""
    return [
        Line(frm, -cents, holder_id if frm in OF_PAYEE else None),
        Line(to, cents, holder_id if to in OF_PAYEE else None),
    ]


def checked(lines: Sequence[Line]) -> list[Line]:
    """The lines that move something; ValueError unless they add up to zero."""
    if sum(line.cents for line in lines) != 0:
        raise ValueError("an entry adds up to zero")
    return [line for line in lines if line.cents]
