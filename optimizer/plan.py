"""What was decided: routes with times, jobs left out with reasons, the score, how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property

from optimizer.crowd import Asked
from optimizer.limits import Round
from optimizer.values import require, require_not_negative


@dataclass(frozen=True, slots=True)
class Stop:
    """One technician at one job: `travel_seconds` on the way, arrival, work from start to end."""

    job_id: str
    arrival: int
    start: int
    end: int
    travel_seconds: int

    def __post_init__(self) -> None:
        require(
            self.arrival <= self.start <= self.end,
            f"Stop at job {self.job_id}: arrival, start and end are in order.",
        )
        require_not_negative(f"Stop at job {self.job_id}", travel_seconds=self.travel_seconds)


@dataclass(frozen=True, slots=True)
class BreakTaken:
    """The shift's break of that position in its list, with the times it is taken."""

    position: int
    start: int
    end: int

    def __post_init__(self) -> None:
        require_not_negative("Break taken", position=self.position)
        require(self.start <= self.end, "A break taken ends after its start.")


@dataclass(frozen=True, slots=True)
class DepotPass:
    """The shift fetches parts and tools before its stop number `position` (from 0).

    `travel_seconds` on the way there, then at the depot from `start` to `end`.
    """

    depot_id: str
    position: int
    start: int
    end: int
    travel_seconds: int

    def __post_init__(self) -> None:
        name = f"Pass of depot {self.depot_id}"
        require(self.start <= self.end, f"{name} ends after its start.")
        require_not_negative(name, position=self.position, travel_seconds=self.travel_seconds)


@dataclass(frozen=True, slots=True)
class Route:
    """What one shift does: departure from its start place, stops in order, return to its end place.

    `return_travel_seconds` is the last trip, 0 when the shift ends at its last job.
    """

    shift_id: str
    departure: int
    stops: tuple[Stop, ...]
    end: int
    return_travel_seconds: int = 0
    breaks: tuple[BreakTaken, ...] = ()
    depot_pass: DepotPass | None = None

    def __post_init__(self) -> None:
        name = f"Route of shift {self.shift_id}"
        require(bool(self.stops), f"{name}: a route has stops; an unused shift has no route.")
        require(self.departure <= self.end, f"{name} ends after its departure.")
        require_not_negative(name, return_travel_seconds=self.return_travel_seconds)

    @property
    def travel_seconds(self) -> int:
        fetching = self.depot_pass.travel_seconds if self.depot_pass else 0
        stops = sum(stop.travel_seconds for stop in self.stops)
        return self.return_travel_seconds + fetching + stops

    @property
    def depot_seconds(self) -> int:
        return self.depot_pass.end - self.depot_pass.start if self.depot_pass else 0


class ReasonCode(StrEnum):
    """Why a group of technicians cannot take a job."""

    NO_SHIFTS = "no_shifts"
    EXCLUDED = "excluded"
    NOT_REQUIRED = "not_required"
    PINNED_ELSEWHERE = "pinned_elsewhere"
    SKILL_MISSING = "skill_missing"
    CREDENTIAL_MISSING = "credential_missing"
    PART_MISSING = "part_missing"
    TOOL_MISSING = "tool_missing"
    OUT_OF_REACH = "out_of_reach"
    OUTSIDE_SHIFT = "outside_shift"
    NO_ROOM = "no_room"
    CREW_TOO_SMALL = "crew_too_small"
    BEFORE_LEFT_OUT = "before_left_out"
    BUNDLED_ELSEWHERE = "bundled_elsewhere"
    OUT_OF_ORDER = "out_of_order"
    TOO_EXPENSIVE = "too_expensive"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason and the technicians it holds for (sorted)."""

    code: ReasonCode
    technician_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A job that no shift has, with the reasons by technician group; `asked` are the freelancers
    who may do it instead, `share_cap` names the share that keeps it from them."""

    job_id: str
    reasons: tuple[Reason, ...] = ()
    asked: Asked | None = None
    share_cap: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The objective in cents by term, after weights. Hard rules are `check`'s."""

    unserved: int = 0
    sla_lateness: int = 0
    travel: int = 0
    work: int = 0
    overtime: int = 0
    waiting: int = 0
    freelance: int = 0
    broken_promises: int = 0
    preference: int = 0
    delay: int = 0
    over_qualification: int = 0
    fairness: int = 0
    co2: int = 0
    risk: int = 0
    crowd: int = 0

    @property
    def total_cents(self) -> int:
        return sum(self.terms().values())

    def terms(self) -> dict[str, int]:
        """Cents by the name of the term, in the order of the definition."""
        return {term.name: getattr(self, term.name) for term in fields(self)}


@dataclass(frozen=True)
class Plan:
    """Routes of the shifts that are used, and every other job as unassigned.

    The same problem, seed and limit in iterations give the same plan, byte by byte; so `stats`
    holds counts, never wall time. `schedule` is how a search within seconds went, for replay.
    """

    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    score: Score
    seed: int = 0
    iterations: int = 0
    engine: str = "none"
    stats: Mapping[str, int] = field(default_factory=dict)
    schedule: tuple[Round, ...] = ()

    @cached_property
    def route_by_shift(self) -> Mapping[str, Route]:
        """Routes by shift id (of two for one shift, which `check` refuses, the last)."""
        return {route.shift_id: route for route in self.routes}

    def seats(self, job_id: str) -> list[tuple[Route, Stop]]:
        """Every (route, stop) that serves the job: one per crew member."""
        return [(r, s) for r in self.routes for s in r.stops if s.job_id == job_id]
