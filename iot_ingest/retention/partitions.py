"""How tables of readings are cut by time: names and bounds of the parts; plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from iot_ingest.rollups.levels import KEEP_DAYS, TABLE, Level

DAYS_AHEAD = 7


class Part(StrEnum):
    """What one partition holds; the letter stands in its name."""

    DAY = "d"
    MONTH = "m"


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A table of one level, cut into days or months, each kept for some days after it is over."""

    table: str
    part: Part
    keep_days: int

    @property
    def prefix(self) -> str:
        return f"{self.table}_{self.part}"

    def name_of(self, day: date) -> str:
        digits = f"{day:%Y%m%d}" if self.part is Part.DAY else f"{day:%Y%m}"
        return f"{self.prefix}{digits}"

    def first_day_of(self, name: str) -> date | None:
        """None for the default partition."""
        digits = name.removeprefix(self.prefix)
        length = 8 if self.part is Part.DAY else 6
        if digits == name or len(digits) != length or not digits.isdigit():
            return None
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:] or 1))

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """`[start, end)` in UTC of the part that the day lies in."""
        first = day if self.part is Part.DAY else day.replace(day=1)
        return _midnight(first), _midnight(self._after(first))

    def days_needed(self, today: date) -> list[date]:
        """The first days of the parts from yesterday, for what comes late, to a week ahead."""
        days = [today + timedelta(days=offset) for offset in range(-1, DAYS_AHEAD + 1)]
        return sorted({self.bounds(day)[0].date() for day in days})

    def names_to_drop(self, names: Iterable[str], today: date) -> list[str]:
        """The parts of which no day is kept any more."""
        first_kept = today - timedelta(days=self.keep_days)
        return sorted(
            name
            for name in names
            if (day := self.first_day_of(name)) is not None and self._after(day) <= first_kept
        )

    def _after(self, first: date) -> date:
        if self.part is Part.DAY:
            return first + timedelta(days=1)
        return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


READINGS = Partitioned(TABLE[Level.READINGS], Part.DAY, KEEP_DAYS[Level.READINGS])
PARTITIONED = (
    READINGS,
    Partitioned(TABLE[Level.MINUTES], Part.MONTH, KEEP_DAYS[Level.MINUTES]),
    Partitioned(TABLE[Level.HOURS], Part.MONTH, KEEP_DAYS[Level.HOURS]),
)
