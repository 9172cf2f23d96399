"""Whose turn it is; plain Python. Hand-overs are local times, so a turn may have 23 or 25 hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

WEEK = 7


@dataclass(frozen=True)
class Rotation:
    """Members one after the other from `starts_on`: by day, or by week from `weekday` (Monday 0).

    They hand over at `minute` of the local day.
    """

    members: tuple[UUID, ...]
    zone: ZoneInfo
    starts_on: date
    minute: int = 8 * 60
    weekday: int | None = 0

    def hand_over(self, day: date) -> datetime:
        """A time that summer time skips is an hour later."""
        hour, minute = divmod(self.minute, 60)
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
        return local.astimezone(UTC)

    @property
    def first(self) -> date:
        if self.weekday is None:
            return self.starts_on
        return self.starts_on + timedelta(days=(self.weekday - self.starts_on.weekday()) % WEEK)

    @property
    def days(self) -> int:
        return 1 if self.weekday is None else WEEK

    def turn_at(self, at: datetime) -> int | None:
        """Which turn it is, counted from 0; None before the first."""
        day = at.astimezone(self.zone).date()
        if self.hand_over(day) > at:
            day -= timedelta(days=1)
        number = (day - self.first).days // self.days
        return number if number >= 0 else None

    def order_at(self, at: datetime) -> list[UUID]:
        """Who has the turn, and who comes after."""
        turn = self.turn_at(at)
        if turn is None or not self.members:
            return []
        own = turn % len(self.members)
        return [*self.members[own:], *self.members[:own]]

    def hand_overs(self, start: datetime, end: datetime) -> list[datetime]:
        turn = max(self.turn_at(start) or 0, 0)
        found: list[datetime] = []
        while (at := self.hand_over(self.first + timedelta(days=turn * self.days))) < end:
            if at > start:
                found.append(at)
            turn += 1
        return found


@dataclass(frozen=True)
class Taken:
    """Somebody takes the duty, or is away, in `[starts_at, ends_at)`."""

    technician_id: UUID
    starts_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True)
class Duty(Taken):
    """One stretch of duty; `is_change` when a swap or an exception put that person there."""

    is_change: bool


def ranked(
    rotation: Rotation, changes: Sequence[Taken], away: Iterable[Taken], at: datetime
) -> list[UUID]:
    """Who is on call at a moment, and who follows; nobody who is away. A later change wins."""
    absent = {absence.technician_id for absence in away if absence.holds(at)}
    put_in = [change.technician_id for change in reversed(changes) if change.holds(at)]
    order = dict.fromkeys([*put_in[:1], *rotation.order_at(at)])
    return [key for key in order if key not in absent]


def duties(
    rotation: Rotation,
    changes: Sequence[Taken],
    away: Sequence[Taken],
    start: datetime,
    end: datetime,
) -> list[Duty]:
    """Who is on call in `[start, end)`, in order of time; times without anybody are left out."""
    edges = {start, end, *rotation.hand_overs(start, end)}
    edges |= {at for taken in (*changes, *away) for at in (taken.starts_at, taken.ends_at)}
    times = sorted(at for at in edges if start <= at <= end)
    found: list[Duty] = []
    for since, until in pairwise(times):
        order = ranked(rotation, changes, away, since)
        if not order:
            continue
        is_change = any(c.holds(since) and c.technician_id == order[0] for c in changes)
        last = found[-1] if found else None
        if (
            last
            and last.ends_at == since
            and (last.technician_id, last.is_change)
            == (
                order[0],
                is_change,
            )
        ):
            found[-1] = Duty(order[0], last.starts_at, until, is_change)
        else:
            found.append(Duty(order[0], since, until, is_change))
    return found
