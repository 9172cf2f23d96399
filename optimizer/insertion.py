"""A feasible place for one more job in a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seat:
    """One technician's part: before the stop now at `position` of that shift's route."""

    shift_id: str
    technician_id: str
    position: int
    travel_seconds: int
    work_seconds: int


@dataclass(frozen=True, slots=True)
class Insertion:
    """A place for a job: seats (one per crew member) and the starts that leave all else feasible.

    Any start in [earliest_start, latest_start] keeps every other job within its hard rules (jobs
    behind it may move later). `cost_cents` is the change of the objective when work starts at
    `start` (the earliest), `terms` the same by term; what leaving the job out cost is not in it.
    """

    job_id: str
    seats: tuple[Seat, ...]
    earliest_start: int
    latest_start: int
    cost_cents: int
    terms: Mapping[str, int]

    @property
    def start(self) -> int:
        return self.earliest_start

    @property
    def shift_id(self) -> str:
        """The shift of the first seat: the only one of a job without a crew."""
        return self.seats[0].shift_id

    @property
    def technician_id(self) -> str:
        return self.seats[0].technician_id

    @property
    def position(self) -> int:
        return self.seats[0].position
