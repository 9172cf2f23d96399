"""The supply side of a problem: technician-shifts with skills, breaks, prices, committed work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from optimizer.supplies import Part
from optimizer.values import require, require_all_distinct, require_not_negative


class Employment(StrEnum):
    IN_HOUSE = "in_house"
    PARTNER = "partner"
    FREELANCE = "freelance"


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill held at a level (1..5), between two times when its validity is limited.

    `speed_pct` 125 does work that goes at the pace of this skill a quarter faster.
    """

    name: str
    level: int = 1
    valid_from: int | None = None
    valid_until: int | None = None
    speed_pct: int = 100

    def __post_init__(self) -> None:
        require(bool(self.name), "A skill has a name.")
        require(1 <= self.level <= 5, f"Skill {self.name}: the level is between 1 and 5.")
        require(self.speed_pct > 0, f"Skill {self.name}: speed_pct is above 0.")

    def is_valid(self, start: int, end: int) -> bool:
        """Whether it holds from `start` to `end`."""
        return (self.valid_from is None or self.valid_from <= start) and (
            self.valid_until is None or end <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate or clearance, until it expires."""

    kind: str
    valid_until: int | None = None

    def __post_init__(self) -> None:
        require(bool(self.kind), "A credential has a kind.")


@dataclass(frozen=True, slots=True)
class Break:
    """A pause that starts within [earliest_start, latest_start].

    Taken anywhere, also on the way, never during a job. An absence or a meeting inside a shift
    is a break whose two bounds are equal. A shift with no stops takes no breaks.
    """

    earliest_start: int
    latest_start: int
    duration_seconds: int

    def __post_init__(self) -> None:
        require(self.earliest_start <= self.latest_start, "A break's bounds are in order.")
        require(self.duration_seconds > 0, "A break lasts more than 0 seconds.")


@dataclass(frozen=True, slots=True)
class Committed:
    """A stop that is already a fact (on the way, at work, done): job and times stay as given."""

    job_id: str
    start: int
    end: int
    travel_seconds: int = 0

    def __post_init__(self) -> None:
        require(self.start <= self.end, f"Committed job {self.job_id} ends after its start.")
        require_not_negative(f"Committed job {self.job_id}", travel_seconds=self.travel_seconds)


@dataclass(frozen=True, slots=True)
class Shift:
    """One technician on one day. Times are seconds from the problem's epoch, places its indices.

    `end` is the regular end; the technician is back at `end_place` (None: ends at the last job)
    by `end + overtime_seconds` at the latest. `speed_pct` 125 works a quarter faster than the
    job's duration. `reach_seconds` bounds the trip from the start place to any one job,
    `max_travel_seconds` all trips of the shift together, `max_work_seconds` trips and work,
    `capacity` the load of its jobs. `rest_seconds` lie between the technician's shift before and
    this one. `parts` and `tools` are on board at the start, `depots` (ids) those of which it may
    pass one. `committed` stops open the route; what they use of the parts is still in `parts`.

    With `departs_late` it leaves its start place as late as the stops and the earliest end allow,
    unless some start in the route has a price; else just in time for the earliest first start.
    Travel, work and waiting are charged per hour; `pay_*` is
    what a partner or freelancer gets: per job and per hour of work, at least
    `minimum_pay_cents` when used at all. `over_qualification_cents` is the price of each level
    that a skill stands above what a job requires of it; `fairness_*` that of another hour of work
    or unpleasant job for somebody who had more than others; `co2_grams_per_hour` what the vehicle
    emits on the way.
    """

    id: str
    technician_id: str
    start: int
    end: int
    start_place: int
    end_place: int | None = None
    overtime_seconds: int = 0
    overtime_cents_per_hour: int = 0
    breaks: tuple[Break, ...] = ()
    skills: tuple[Skill, ...] = ()
    credentials: tuple[Credential, ...] = ()
    speed_pct: int = 100
    reach_seconds: int | None = None
    max_travel_seconds: int | None = None
    max_work_seconds: int | None = None
    rest_seconds: int = 0
    max_jobs: int | None = None
    capacity: int | None = None
    travel_cents_per_hour: int = 0
    work_cents_per_hour: int = 0
    waiting_cents_per_hour: int = 0
    fixed_cents: int = 0
    employment: Employment = Employment.IN_HOUSE
    pay_cents_per_job: int = 0
    pay_cents_per_hour: int = 0
    minimum_pay_cents: int = 0
    over_qualification_cents: int = 0
    fairness_cents_per_hour: int = 0
    fairness_cents_per_unpleasant: int = 0
    co2_grams_per_hour: int = 0
    co2_cents_per_tonne: int = 0
    parts: tuple[Part, ...] = ()
    tools: tuple[str, ...] = ()
    depots: tuple[str, ...] = ()
    departs_late: bool = False
    committed: tuple[Committed, ...] = ()

    def __post_init__(self) -> None:
        name = f"Shift {self.id}"
        require(bool(self.id) and bool(self.technician_id), "A shift has an id and a technician.")
        require(self.start < self.end, f"{name} ends after its start.")
        require(self.speed_pct > 0, f"{name}: speed_pct is above 0.")
        require_not_negative(
            name,
            start_place=self.start_place,
            end_place=self.end_place,
            overtime_seconds=self.overtime_seconds,
            overtime_cents_per_hour=self.overtime_cents_per_hour,
            reach_seconds=self.reach_seconds,
            max_travel_seconds=self.max_travel_seconds,
            max_work_seconds=self.max_work_seconds,
            rest_seconds=self.rest_seconds,
            max_jobs=self.max_jobs,
            capacity=self.capacity,
            travel_cents_per_hour=self.travel_cents_per_hour,
            work_cents_per_hour=self.work_cents_per_hour,
            waiting_cents_per_hour=self.waiting_cents_per_hour,
            fixed_cents=self.fixed_cents,
            pay_cents_per_job=self.pay_cents_per_job,
            pay_cents_per_hour=self.pay_cents_per_hour,
            minimum_pay_cents=self.minimum_pay_cents,
            over_qualification_cents=self.over_qualification_cents,
            fairness_cents_per_hour=self.fairness_cents_per_hour,
            fairness_cents_per_unpleasant=self.fairness_cents_per_unpleasant,
            co2_grams_per_hour=self.co2_grams_per_hour,
            co2_cents_per_tonne=self.co2_cents_per_tonne,
        )
        self._require_pay_only_outside_staff(name)
        self._require_breaks_in_order(name)
        require_all_distinct(f"{name}: skills", (skill.name for skill in self.skills))
        require_all_distinct(f"{name}: credentials", (held.kind for held in self.credentials))
        require_all_distinct(f"{name}: parts", (part.name for part in self.parts))
        require_all_distinct(f"{name}: tools", self.tools)
        require_all_distinct(f"{name}: depots", self.depots)
        require_all_distinct(f"{name}: committed jobs", (stop.job_id for stop in self.committed))

    def _require_pay_only_outside_staff(self, name: str) -> None:
        pay = self.pay_cents_per_job + self.pay_cents_per_hour + self.minimum_pay_cents
        require(
            pay == 0 or self.employment is not Employment.IN_HOUSE,
            f"{name}: pay per job or hour belongs to partners and freelancers.",
        )

    def _require_breaks_in_order(self, name: str) -> None:
        for first, second in zip(self.breaks, self.breaks[1:], strict=False):
            require(
                first.latest_start + first.duration_seconds <= second.latest_start
                and first.earliest_start <= second.earliest_start,
                f"{name}: breaks stand in order of time and each can follow the one before.",
            )
        for pause in self.breaks:
            require(
                self.start <= pause.latest_start
                and pause.earliest_start + pause.duration_seconds <= self.latest_end,
                f"{name}: each break can be taken within the shift.",
            )

    @property
    def latest_end(self) -> int:
        """The hard end: regular end plus the overtime allowed."""
        return self.end + self.overtime_seconds

    def work_seconds(self, duration_seconds: int, pace_skill: str | None = None) -> int:
        """How long this technician needs for work of that duration, rounded up."""
        held = (skill.speed_pct for skill in self.skills if skill.name == pace_skill)
        return -(-duration_seconds * 10_000 // (self.speed_pct * next(held, 100)))
