"""A month of visits that the staff has no room for, and what sending staff after all costs."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from benchmarks.market.people import BEGIN, CENTRE, DAYS, KINDS
from kernel.geo import Point
from marketplace.crowd.matching import Job

URGENCIES = ((0.12, 4, 90), (0.30, 9, 45), (0.38, 30, 30), (0.20, 72, 20))
"""Share, hours until the SLA is lost, penalty in euros when it is."""
HOURS_WEIGHT = (1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 13, 11, 9, 10, 10, 9, 8, 6, 4, 3, 2, 2, 1, 1)
STAFF_CREWS = 5
"""So many of the staff can work longer at a time, from seven to nine."""
STAFF_CENTS_PER_HOUR = 8700
"""A loaded hour of 62 euros, with 40 percent on top for overtime."""
STAFF_TRAVEL = timedelta(minutes=25)
STAFF_NOTICE = timedelta(minutes=30)
ALARM_BEFORE = timedelta(minutes=100)
"""So long before the SLA is lost the dispatcher stops asking and sends somebody."""


@dataclass(frozen=True)
class Overflow:
    """One visit: published, to begin by `latest`, else the penalty is due."""

    number: int
    id: UUID
    published: datetime
    place: Point
    skill: tuple[str, int]
    minutes: int
    latest: datetime
    penalty_cents: int

    @property
    def alarm_at(self) -> datetime:
        return max(self.latest - ALARM_BEFORE, self.published + timedelta(minutes=20))

    @property
    def can_wait(self) -> bool:
        """Do crews work when the alarm comes, so that waiting for it loses nothing?"""
        return 7 <= self.alarm_at.hour < 20

    @property
    def staff_cents(self) -> int:
        """What somebody of the staff costs in overtime, way included."""
        hours = (timedelta(minutes=self.minutes) + 2 * STAFF_TRAVEL).total_seconds() / 3600
        return round(STAFF_CENTS_PER_HOUR * hours)

    @property
    def fallback_cents(self) -> int:
        """What it is taken to cost when nobody comes: staff, half the time too late."""
        return self.staff_cents + self.penalty_cents // 2

    def job(self, now: datetime) -> Job:
        ready = now + timedelta(minutes=10)
        return Job(self.id, self.place, [self.skill], (), self.minutes, ready, ready, self.latest)


def draw_visits(count: int, seed: int) -> list[Overflow]:
    """In order of time."""
    rng = random.Random(f"{seed} visits")
    skills = [(skill, level) for held in KINDS.values() for skill, level in held if level > 1]
    drawn = [_draw(rng, skills) for _ in range(count)]
    drawn.sort(key=lambda visit: visit.published)
    return [
        Overflow(number, *visit_values) for number, visit_values in enumerate(map(_values, drawn))
    ]


def _draw(rng: random.Random, skills: list[tuple[str, int]]) -> Overflow:
    day = rng.choices(range(DAYS), [3 if BEGIN.weekday() + d % 7 < 5 else 1 for d in range(DAYS)])
    hour = rng.choices(range(24), HOURS_WEIGHT)
    published = BEGIN + timedelta(days=day[0], hours=hour[0], seconds=rng.randrange(3600))
    _, hours, euros = rng.choices(URGENCIES, [share for share, _, _ in URGENCIES])[0]
    skill, level = rng.choice(skills)
    place = Point(CENTRE.latitude + rng.gauss(0, 0.07), CENTRE.longitude + rng.gauss(0, 0.11))
    key = UUID(int=rng.getrandbits(128), version=4)
    minutes = rng.choice([30, 45, 60, 60, 75, 90, 120])
    latest = published + timedelta(hours=hours)
    wanted = (skill, rng.randint(1, level))
    return Overflow(0, key, published, place, wanted, minutes, latest, euros * 100)


def _values(visit: Overflow) -> tuple[UUID, datetime, Point, tuple[str, int], int, datetime, int]:
    return (
        visit.id, visit.published, visit.place, visit.skill, visit.minutes, visit.latest,
        visit.penalty_cents,
    )  # fmt: skip


class Staff:
    """Crews who take what is handed back, in order."""

    def __init__(self) -> None:
        self._free_at = [BEGIN] * STAFF_CREWS

    def take(self, visit: Overflow, now: datetime) -> datetime:
        """Books the first crew; gives when the work begins."""
        begins = _by_day(max(self._free_at[0], now + STAFF_NOTICE) + STAFF_TRAVEL)
        done = begins + timedelta(minutes=visit.minutes)
        heapq.heapreplace(self._free_at, done)
        return begins


def _by_day(moment: datetime) -> datetime:
    opens, closes = moment.replace(hour=7, minute=0), moment.replace(hour=21, minute=0)
    if moment < opens:
        return opens
    return moment if moment <= closes else opens + timedelta(days=1)
