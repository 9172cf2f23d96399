"""Windows a customer can wish for before a visit exists: day parts in the site's own time."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

NOTICE = timedelta(hours=2)
PARTS = ((8, 10), (10, 12), (12, 14), (14, 16), (16, 18))
MOST_OFFERED = 10


@dataclass(frozen=True, slots=True)
class OfferedWindow:
    start: datetime
    end: datetime


def wishes(now: datetime, until: datetime, zone: ZoneInfo) -> list[OfferedWindow]:
    """Two-hour windows from two hours ahead until the work is due; the next day at least."""
    earliest = now + NOTICE
    latest = max(until, now + timedelta(days=2))
    day = now.astimezone(zone).date()
    found: list[OfferedWindow] = []
    while datetime.combine(day, time(), zone) < latest and len(found) < MOST_OFFERED:
        for first, last in PARTS:
            start = datetime.combine(day, time(first), zone)
            end = datetime.combine(day, time(last), zone)
            if start >= earliest and end <= latest:
                found.append(OfferedWindow(start, end))
        day += timedelta(days=1)
    return found[:MOST_OFFERED]
