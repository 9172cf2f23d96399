"""How far a device's messages are stored without a gap: what it may forget."""

from collections.abc import Iterable
from datetime import timedelta

# A device re-sends what is not acknowledged. What is missing after this long will not come.
PATIENCE = timedelta(minutes=2)
# Some devices count from 1: if 0 does not follow quickly, there is none.
START_PATIENCE = timedelta(seconds=5)


def is_gap_before_given_up(seq: int, waited: timedelta) -> bool:
    """Whether whatever is missing below a sequence stored this long ago will never come."""
    return waited >= PATIENCE or (seq == 1 and waited >= START_PATIENCE)


def advance(cursor: int | None, stored: Iterable[int], *, given_up_below: int = 0) -> int | None:
    """The highest sequence up to which nothing is missing; None before the first.

    Sequences start at 0. A device forgets what an acknowledgement covers, so a gap must not
    be jumped: the missing message may still be on its way through another ingest process. Only
    below `given_up_below` (the device says so, or waiting has been in vain) gaps are closed.
    """
    ahead = sorted(seq for seq in set(stored) if cursor is None or seq > cursor)
    for seq in ahead:
        first = cursor is None and seq == 0
        follows = cursor is not None and seq == cursor + 1
        if not (first or follows or seq <= given_up_below):
            break
        cursor = seq
    return cursor
