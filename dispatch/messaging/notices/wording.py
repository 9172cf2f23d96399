"""Times in words, the way a customer reads them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.messaging.templates import language_of

_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def window_words(start: datetime, end: datetime, time_zone: str, locale: str) -> str:
    """Such as "Tue 24 Nov, 09:00-11:00" on the clocks of a time zone."""
    zone = ZoneInfo(time_zone)
    first, last = start.astimezone(zone), end.astimezone(zone)
    return _words(first, f"{first:%H:%M}–{last:%H:%M}", locale)


def moment_words(at: datetime, time_zone: str, locale: str) -> str:
    """Such as "Tue 24 Nov, 09:00"."""
    local = at.astimezone(ZoneInfo(time_zone))
    return _words(local, f"{local:%H:%M}", locale)


def _words(day: datetime, hours: str, locale: str) -> str:
    language = language_of(locale)
    name = _DAYS[language][day.weekday()]
    if language == "de":
        return f"{name} {day.day}.{day.month}., {hours} Uhr"
    return f"{name} {day.day} {_MONTHS[day.month - 1]}, {hours}"
