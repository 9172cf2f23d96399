"""Which dates may be told as "to be confirmed", and by when; plain Python."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from dispatch.scheduling.policies.lifecycle import CrowdOrder
from dispatch.scheduling.slots.grid import Span

LEAST = timedelta(minutes=30)
"""Nobody could be asked in less."""
MOST_SHOWN = 6
SLEEP, WAKE = time(21), time(9)
"""Nobody is told in the night: what falls into it is told at nine, where that is early enough."""


@dataclass(frozen=True)
class TentativeWindow:
    """An arrival window that somebody is likely to keep; the customer knows by `confirm_by`."""

    start: datetime
    end: datetime
    confirm_by: datetime
    chance_pct: int


def known_by(
    start: datetime, now: datetime, zone: tzinfo, *, within: timedelta, notice: timedelta
) -> datetime | None:
    """When the customer is told at the latest: so long after now, so long before the window.

    None where that leaves no time to ask anybody.
    """
    last = start - notice
    at = min(now + within, last)
    local = at.astimezone(zone)
    if local.time() >= SLEEP or local.time() < WAKE:
        morning = local.replace(hour=WAKE.hour, minute=0, second=0, microsecond=0)
        morning += timedelta(days=local.time() >= SLEEP)
        at = morning.astimezone(now.tzinfo) if morning <= last else at
    return at if at >= now + LEAST else None


def open_days(
    offered: Sequence[Span],
    firm: Collection[datetime],
    zone: tzinfo,
    order: CrowdOrder = CrowdOrder.CHEAPEST,
) -> list[Span]:
    """The spans of the days on which nobody of our own is free: those come first.

    In-house first: none as long as our own have any. Fastest: also what is earlier than all of
    theirs.
    """
    if order is CrowdOrder.IN_HOUSE_FIRST and firm:
        return []
    taken = {start.astimezone(zone).date() for start in firm}
    before = min(firm) if firm and order is CrowdOrder.FASTEST else None
    return [
        span
        for span in offered
        if span.start.astimezone(zone).date() not in taken
        or (before is not None and span.end <= before)
    ]


def likely(
    spans: Sequence[Span], times: Sequence[datetime], chances: Sequence[int], least_pct: int
) -> list[TentativeWindow]:
    """Those likely enough, the first six in order of time."""
    found = [
        TentativeWindow(span.start, span.end, at, pct)
        for span, at, pct in zip(spans, times, chances, strict=True)
        if pct >= least_pct
    ]
    return found[:MOST_SHOWN]
