"""States of a booking."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class BookingStatus(StrEnum):
    CONFIRMED = "confirmed"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    CUSTOMER_ABSENT = "customer_absent"


_B = BookingStatus
BOOKING: Lifecycle[BookingStatus] = Lifecycle(
    "booking",
    initial={_B.CONFIRMED},
    moves={
        _B.CONFIRMED: {_B.FULFILLED, _B.CANCELLED, _B.CUSTOMER_ABSENT},
        # back only with the correction of the visit's mis-tap
        _B.FULFILLED: {_B.CONFIRMED},
        _B.CUSTOMER_ABSENT: {_B.CONFIRMED},
    },
)
