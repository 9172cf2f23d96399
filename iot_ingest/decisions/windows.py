"""Windows a customer can wish for before there is a visit; plain Python."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.scheduling.slots.grid import Span, spans

FIRST_HOUR, LAST_HOUR = 8, 18
NOTICE = timedelta(hours=2)
AT_LEAST = timedelta(days=2)
MOST_DAYS = 7
MOST_OFFERED = 12


def wishes(now: datetime, due: datetime, time_zone: str) -> list[Span]:
    """Windows of the scheduling grid, in daytime at the site, until the work is due; work that
    is due very soon still gets two days to choose from."""
    zone = ZoneInfo(time_zone)
    latest = max(due, now + AT_LEAST)
    return [
        span
        for span in spans(now.astimezone(zone).date(), MOST_DAYS, time_zone, now)
        if span.start >= now + NOTICE
        and span.end <= latest
        and FIRST_HOUR <= span.start.astimezone(zone).hour < LAST_HOUR
    ][:MOST_OFFERED]
