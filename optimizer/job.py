"""The demand side of a problem: jobs with windows, deadlines, requirements, pins and promises."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.crowd import Crowd
from optimizer.supplies import Part
from optimizer.values import require, require_all_distinct, require_not_negative


@dataclass(frozen=True, slots=True)
class Window:
    """Work starts within [start, end], both included."""

    start: int
    end: int

    def __post_init__(self) -> None:
        require(self.start <= self.end, "A window ends after its start.")

    def contains(self, time: int) -> bool:
        return self.start <= time <= self.end


@dataclass(frozen=True, slots=True)
class SoftWindow:
    """The time the customer would like best; each minute of start outside it has a price."""

    start: int
    end: int
    cents_per_minute: int

    def __post_init__(self) -> None:
        require(self.start <= self.end, "A soft window ends after its start.")
        require_not_negative("Soft window", cents_per_minute=self.cents_per_minute)


@dataclass(frozen=True, slots=True)
class Step:
    """A later threshold of a deadline: a start after `at` costs so much more."""

    at: int
    cents: int

    def __post_init__(self) -> None:
        require_not_negative("Step", cents=self.cents)


@dataclass(frozen=True, slots=True)
class Deadline:
    """An SLA: work starts by `due`; later costs `breach_cents` at once, so much per minute, and
    the amount of each of `steps` that has passed.

    The whole never exceeds `cap_cents`, which is also what a job left out is charged: a breached
    job is never cheaper to leave out, so it cannot starve.
    """

    due: int
    cents_per_minute: int
    cap_cents: int
    breach_cents: int = 0
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        require_not_negative(
            "Deadline",
            cents_per_minute=self.cents_per_minute,
            cap_cents=self.cap_cents,
            breach_cents=self.breach_cents,
        )
        passed = self.due
        for step in self.steps:
            require(step.at > passed, "A deadline's steps stand in order, behind its due time.")
            passed = step.at


@dataclass(frozen=True, slots=True)
class Risk:
    """The work may take longer: each minute by which its start plus `p80_seconds`, at the
    technician's speed, lies behind `done_by` or the regular end of the shift has a price."""

    p80_seconds: int
    cents_per_minute: int
    done_by: int | None = None

    def __post_init__(self) -> None:
        require(self.p80_seconds > 0, "A p80 lasts more than 0 seconds.")
        require_not_negative("Risk", cents_per_minute=self.cents_per_minute)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A skill at a minimum level (1..5)."""

    skill: str
    level: int = 1

    def __post_init__(self) -> None:
        require(bool(self.skill), "A requirement names a skill.")
        require(1 <= self.level <= 5, f"Requirement {self.skill}: the level is between 1 and 5.")


@dataclass(frozen=True, slots=True)
class Pin:
    """What a person has fixed: this technician (of a crew: one of them), start in this window
    (a day is the window of that day), start at exactly this time. Together they all hold."""

    technician_id: str | None = None
    window: Window | None = None
    start: int | None = None

    def __post_init__(self) -> None:
        require(
            self.technician_id is not None or self.window is not None or self.start is not None,
            "A pin fixes something.",
        )


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised or assigned so far, and the price of breaking each part of it.

    Every technician named who does not come costs `technician_cents`; a start outside `window`
    costs `window_cents`. A job left out breaks everything.
    """

    technician_ids: tuple[str, ...] = ()
    technician_cents: int = 0
    window: Window | None = None
    window_cents: int = 0

    def __post_init__(self) -> None:
        require_not_negative(
            "Promise", technician_cents=self.technician_cents, window_cents=self.window_cents
        )
        require_all_distinct("Promise: technicians", self.technician_ids)


@dataclass(frozen=True, slots=True)
class Job:
    """One visit to be planned. Times are seconds from the problem's epoch, prices cents.

    No windows: any time. `earliest_useful`: never starts before (parts arrive, fault not ripe);
    from then on each day of delay costs `delay_cents_per_day` (from the epoch when it is None).
    `unserved_cents` is the price of leaving it out: its priority. The work goes at the technician's
    speed with `pace_skill`. A crew of two or more are distinct technicians who start together;
    each of them meets every requirement and brings the parts and tools. `load` is what it takes
    of the capacity of each shift that serves it; an unpleasant job is to go round. `parts` are
    used up, `tools` come back. A `crowd` may be asked for a job of one seat.
    """

    id: str
    place: int
    duration_seconds: int
    unserved_cents: int
    windows: tuple[Window, ...] = ()
    soft_window: SoftWindow | None = None
    deadline: Deadline | None = None
    earliest_useful: int | None = None
    delay_cents_per_day: int = 0
    pace_skill: str | None = None
    requirements: tuple[Requirement, ...] = ()
    credentials: tuple[str, ...] = ()
    required_technicians: tuple[str, ...] = ()
    preferred_technicians: tuple[str, ...] = ()
    preference_cents: int = 0
    excluded_technicians: tuple[str, ...] = ()
    crew_size: int = 1
    load: int = 0
    is_unpleasant: bool = False
    risk: Risk | None = None
    parts: tuple[Part, ...] = ()
    tools: tuple[str, ...] = ()
    pin: Pin | None = None
    promise: Promise | None = None
    crowd: Crowd | None = None

    def __post_init__(self) -> None:
        name = f"Job {self.id}"
        require(bool(self.id), "A job has an id.")
        require(self.duration_seconds > 0, f"{name} lasts more than 0 seconds.")
        require(self.crew_size >= 1, f"{name}: the crew is 1 or more.")
        require_not_negative(
            name,
            place=self.place,
            load=self.load,
            unserved_cents=self.unserved_cents,
            delay_cents_per_day=self.delay_cents_per_day,
            preference_cents=self.preference_cents,
        )
        for first, second in zip(self.windows, self.windows[1:], strict=False):
            require(first.end < second.start, f"{name}: windows stand in order, apart.")
        require_all_distinct(f"{name}: parts", (part.name for part in self.parts))
        require_all_distinct(f"{name}: tools", self.tools)
        require_all_distinct(f"{name}: requirements", (item.skill for item in self.requirements))
        require(
            not set(self.required_technicians) & set(self.excluded_technicians),
            f"{name}: no technician is both required and excluded.",
        )
        require(
            self.preference_cents == 0 or bool(self.preferred_technicians),
            f"{name}: a preference names technicians.",
        )
        self._require_crew_fits(name)
        require(self.crowd is None or self.crew_size == 1, f"{name}: a crowd takes one seat.")
        require(
            self.risk is None or self.risk.p80_seconds >= self.duration_seconds,
            f"{name}: its p80 is no shorter than its duration.",
        )

    def _require_crew_fits(self, name: str) -> None:
        """`required_technicians` is the set the crew comes from, so it is at least as large."""
        require(
            not self.required_technicians or len(self.required_technicians) >= self.crew_size,
            f"{name}: fewer technicians are required than the crew has seats.",
        )

    @property
    def is_window_promised(self) -> bool:
        return self.promise is not None and self.promise.window is not None

    def admits_start(self, time: int) -> bool:
        """Whether windows, earliest useful time and pin allow work to start then."""
        if self.earliest_useful is not None and time < self.earliest_useful:
            return False
        if self.windows and not any(window.contains(time) for window in self.windows):
            return False
        if self.pin is None:
            return True
        if self.pin.window is not None and not self.pin.window.contains(time):
            return False
        return self.pin.start is None or self.pin.start == time
