"""Who had more than others lately, and more than others of what nobody likes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.technicians.queries import TechnicianForPlanning

LOOKED_BACK = timedelta(days=28)
EMERGENCY = 5
OPENS, CLOSES, SATURDAY = 7, 18, 6
"""Hours of the day and the first day of the week at which work begins to be unpleasant."""


@dataclass(frozen=True)
class Load:
    """What somebody did in the time looked back on, beside the shifts of that time."""

    worked: timedelta = timedelta()
    on_shift: timedelta = timedelta()
    unpleasant: int = 0

    @property
    def work_share(self) -> float:
        """Work per hour of shift: who works half the week may have half the work."""
        return self.worked / self.on_shift if self.on_shift else 0.0

    @property
    def unpleasant_share(self) -> float:
        """Unpleasant visits per hour of shift."""
        return self.unpleasant / (self.on_shift / timedelta(hours=1)) if self.on_shift else 0.0


@dataclass(frozen=True)
class Share:
    """By how many percent of it somebody lies above the mean of those with the same skills, 100
    at most and 0 for everybody below."""

    work_pct: int = 0
    unpleasant_pct: int = 0


def is_unpleasant(priority: int, start: datetime | None, time_zone: str) -> bool:
    """An emergency, or work asked for at a time when others are at home."""
    if priority >= EMERGENCY:
        return True
    if start is None:
        return False
    local = start.astimezone(ZoneInfo(time_zone))
    return not OPENS <= local.hour < CLOSES or local.isoweekday() >= SATURDAY


def shares_of(
    people: Iterable[TechnicianForPlanning], loads: Mapping[UUID, Load]
) -> dict[UUID, Share]:
    """How each of them stands beside those with the same skills."""
    alike: dict[frozenset[str], list[UUID]] = defaultdict(list)
    for person in people:
        skills = frozenset(held.skill for held in person.skills)
        alike[skills].append(person.technician.id)
    found: dict[UUID, Share] = {}
    for group in alike.values():
        own = [loads.get(key, Load()) for key in group]
        for key, load in zip(group, own, strict=True):
            found[key] = Share(
                _above(load, own, lambda one: one.work_share),
                _above(load, own, lambda one: one.unpleasant_share),
            )
    return found


def _above(load: Load, group: list[Load], share: Callable[[Load], float]) -> int:
    """Who had no shift counts neither way."""
    shares = [share(one) for one in group if one.on_shift]
    mean = sum(shares) / len(shares) if shares else 0.0
    if mean <= 0.0:
        return 0
    return min(100, max(0, round(100 * (share(load) - mean) / mean)))
