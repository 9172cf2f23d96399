"""The days that readings are partitioned by: names and bounds; plain Python."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

PREFIX = "readings_d"


def name_of(day: date) -> str:
    return f"{PREFIX}{day:%Y%m%d}"


def day_of(name: str) -> date | None:
    """The day of a partition; None for the default one."""
    digits = name.removeprefix(PREFIX)
    if digits == name or len(digits) != 8 or not digits.isdigit():
        return None
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def bounds(day: date) -> tuple[datetime, datetime]:
    """`[start, end)` in UTC."""
    start = datetime.combine(day, time(), UTC)
    return start, start + timedelta(days=1)


def days_needed(today: date, ahead: int) -> list[date]:
    """Yesterday, for what comes late, up to `ahead` days from now."""
    return [today + timedelta(days=offset) for offset in range(-1, ahead + 1)]


def days_to_drop(names: Iterable[str], today: date, keep_days: int) -> list[str]:
    first_kept = today - timedelta(days=keep_days)
    return sorted(n for n in names if (day := day_of(n)) is not None and day < first_kept)
