"""The states of a transfer, and what a bank account number must look like; plain Python."""

import re
from enum import StrEnum

from kernel.lifecycle import Lifecycle


class TransferStatus(StrEnum):
    PREPARED = "prepared"
    SENT = "sent"
    FAILED = "failed"
    RETURNED = "returned"


_S = TransferStatus
TRANSFER: Lifecycle[TransferStatus] = Lifecycle(
    "transfer",
    initial={_S.PREPARED},
    moves={_S.PREPARED: {_S.SENT, _S.FAILED}, _S.SENT: {_S.RETURNED}},
)

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def is_iban(text: str) -> bool:
    """ISO 13616: the rest of the division by 97 is one."""
    if not _IBAN.fullmatch(text):
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1
