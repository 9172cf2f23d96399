"""What a problem is made of; the next one takes over what nothing behind has changed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from dispatch.scheduling.problems.hours import rested, within_weeks
from dispatch.scheduling.problems.jobs import Planned, job_of
from dispatch.scheduling.problems.places import Epoch, Places
from dispatch.scheduling.problems.queries import PlannedStop
from dispatch.scheduling.problems.shifts import shifts_of
from dispatch.technicians.queries import TechnicianForPlanning
from dispatch.travel.times import travel_times
from optimizer.job import Job
from optimizer.problem import Hours
from optimizer.shift import Shift

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by record, each with the version of what it was made from."""

    def __init__(self, before: "Kept[Value] | None" = None) -> None:
        self._made: dict[UUID, tuple[object, Value]] = {}
        self._before = self._made if before is None else before._made

    def __len__(self) -> int:
        return len(self._made)

    def get(self, key: UUID, version: object, make: Callable[[], Value]) -> Value:
        known = self._before.get(key)
        if known is None or known[0] != version:
            known = version, make()
        self._made[key] = known
        return known[1]


class Made:
    """Places, jobs and shifts of one problem; those of `before` stay where nothing has changed.

    Places keep their numbers, so that jobs keep theirs, unless most of them have gone.
    """

    def __init__(self, start: datetime, before: "Made | None" = None) -> None:
        self.epoch = Epoch(start)
        self._factors = travel_times().factors
        self.places = Places()
        self._jobs, self._shifts = Kept[Job](), Kept[tuple[list[Shift], list[Hours]]]()
        if before is not None and not before._is_outgrown():
            self.places = Places(before.places)
            if (before.epoch.at, before._factors) == (self.epoch.at, self._factors):
                self._jobs, self._shifts = Kept(before._jobs), Kept(before._shifts)

    def _is_outgrown(self) -> bool:
        return len(self.places.points) > 2 * (len(self._jobs) + len(self._shifts))

    def job(self, item: Planned, horizon: int) -> Job:
        """As `job_of`."""
        return self._jobs.get(
            item.visit.id,
            (horizon, item.version),
            lambda: job_of(item, self.epoch, self.places, horizon),
        )

    def shifts(
        self, person: TechnicianForPlanning, stops: Sequence[PlannedStop], overtime: int | None
    ) -> tuple[list[Shift], list[Hours]]:
        """What is left of somebody's shifts with at most so many minutes of `overtime`, and the
        hours of their weeks. Nobody changes the lists."""

        def make() -> tuple[list[Shift], list[Hours]]:
            own = shifts_of(person, stops, self.epoch, self.places, overtime_minutes=overtime)
            return within_weeks(person, rested(person, own), self.epoch)

        version = person, overtime, [stop.version for stop in stops]
        return self._shifts.get(person.technician.id, version, make)
