"""States of a swap of duty and of a call-out."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class ChangeStatus(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class CallOutStatus(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


DUTY_CHANGE = Lifecycle(
    "duty change",
    initial={ChangeStatus.ASKED, ChangeStatus.ACCEPTED},
    moves={
        ChangeStatus.ASKED: {ChangeStatus.ACCEPTED, ChangeStatus.DECLINED},
        ChangeStatus.ACCEPTED: {ChangeStatus.CANCELLED},
    },
)
CALL_OUT = Lifecycle(
    "call-out",
    initial={CallOutStatus.ASKED},
    moves={
        CallOutStatus.ASKED: {
            CallOutStatus.ACCEPTED,
            CallOutStatus.DECLINED,
            CallOutStatus.EXPIRED,
        }
    },
)
