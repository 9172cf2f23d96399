"""The states of a confirmation, and when it is asked for; plain Python."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from kernel.lifecycle import Lifecycle


class ConfirmationStatus(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    """The office was told; a late yes still counts."""
    RELEASED = "released"
    """Others are asked instead."""
    VOID = "void"
    """The visit went another way."""


_S = ConfirmationStatus
CONFIRMATION: Lifecycle[ConfirmationStatus] = Lifecycle(
    "confirmation",
    initial={_S.ASKED},
    moves={
        _S.ASKED: {_S.CONFIRMED, _S.DECLINED, _S.UNANSWERED, _S.VOID},
        _S.UNANSWERED: {_S.CONFIRMED, _S.DECLINED, _S.RELEASED, _S.VOID},
    },
)
OPEN = frozenset({_S.ASKED, _S.UNANSWERED})
"""The freelancer can still answer."""


@dataclass(frozen=True)
class ConfirmationRules:
    """Local times of the evening before; `fresh` is how lately a yes needs no second one."""

    ask_from: time = time(18)
    answer_by: time = time(20, 30)
    least: timedelta = timedelta(minutes=45)
    release_after: timedelta = timedelta(hours=1)
    fresh: timedelta = timedelta(hours=12)

    def deadline(self, now: datetime, starts_at: datetime, agreed_at: datetime) -> datetime | None:
        """Until when the answer is due if one is asked now; None when it is not the time to ask.

        `now` and `starts_at` are in the local time of the person.
        """
        is_evening_before = starts_at.date() == now.date() + timedelta(days=1)
        if not is_evening_before or now.time() < self.ask_from or now - agreed_at < self.fresh:
            return None
        usual = datetime.combine(now.date(), self.answer_by, now.tzinfo)
        return max(usual, now + self.least)


RULES = ConfirmationRules()
