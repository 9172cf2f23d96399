"""The states of a stand-by, and what it is worth; plain Python."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from kernel.lifecycle import Lifecycle
from marketplace.crowd.matching import Interval


class StandByStatus(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    ENDED = "ended"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    GIVEN_BACK = "given_back"
    REVOKED = "revoked"
    """Whoever had it may not be given work any more."""


_S = StandByStatus
STAND_BY: Lifecycle[StandByStatus] = Lifecycle(
    "stand-by",
    initial={_S.OPEN},
    moves={
        _S.OPEN: {_S.TAKEN, _S.EXPIRED, _S.WITHDRAWN},
        _S.TAKEN: {_S.ENDED, _S.GIVEN_BACK, _S.REVOKED},
    },
)

HAD = frozenset({_S.TAKEN, _S.ENDED})
"""Somebody has or had the duty."""
FALLEN = frozenset({_S.EXPIRED, _S.GIVEN_BACK, _S.REVOKED})
"""The rota's own turn has the duty after all."""


def share_present(period: Interval, away: Iterable[Interval], cents: int) -> int:
    """The pay for as much of the period as the person was not away, half a cent upwards."""
    starts_at, ends_at = period
    absent, until = timedelta(0), starts_at
    for start, end in sorted(away):
        absent += max(min(end, ends_at) - max(start, until), timedelta(0))
        until = max(until, min(end, ends_at))
    whole = int((ends_at - starts_at).total_seconds())
    present = whole - int(absent.total_seconds())
    return (2 * cents * present + whole) // (2 * whole)


def is_period(starts_at: datetime, ends_at: datetime, longest: timedelta) -> bool:
    return timedelta(0) < ends_at - starts_at <= longest
