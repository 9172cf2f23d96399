"""The hours of the week in which a rule counts; plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEK = frozenset(range(7))
GRAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` to `end` on `days` (0 is Monday) in `zone`. An end that is not after the start
    is on the next day; the day then is the one on which the hours begin."""

    days: frozenset[int]
    start: time
    end: time
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if not self.days or not self.days <= WEEK:
            raise ValueError("Hours need at least one day of the week, 0 (Monday) to 6.")

    def contain(self, moment: datetime) -> bool:
        local = moment.astimezone(self.zone)
        day, clock_time = local.weekday(), local.time()
        if self.start < self.end:
            return day in self.days and self.start <= clock_time < self.end
        begun_today = day in self.days and clock_time >= self.start
        return begun_today or ((day - 1) % 7 in self.days and clock_time < self.end)

    def first_in(self, start: datetime, end: datetime) -> datetime | None:
        """The first moment of `[start, end)` that they contain, to five minutes."""
        moment = start
        while moment < end:
            if self.contain(moment):
                return moment
            moment += GRAIN
        return None


def hours_from_json(told: Mapping[str, Any]) -> Hours:
    """`{"days": [0, 1], "start": "22:00", "end": "06:00", "time_zone": "Europe/Berlin"}`.

    Raises ValueError with the rule that is broken.
    """
    try:
        zone = ZoneInfo(str(told["time_zone"]))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("Hours need a time zone such as Europe/Berlin.") from error
    return Hours(
        frozenset(told["days"]),
        time.fromisoformat(told["start"]),
        time.fromisoformat(told["end"]),
        zone,
    )
