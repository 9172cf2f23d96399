"""What an explanation says, as data: codes, ids, amounts and an English sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from optimizer.job import Job
from optimizer.plan import Reason, Route
from optimizer.shift import Shift
from optimizer.violation import Violation


class CandidateCode(StrEnum):
    """What a candidate is beside the present plan."""

    PRESENT = "present"
    CHEAPER = "cheaper"
    SAME_PRICE = "same_price"
    DEARER = "dearer"
    FORBIDDEN = "forbidden"


class ObstacleCode(StrEnum):
    """What keeps a visit from starting earlier where it is."""

    COMMITTED = "committed"
    PINNED_TIME = "pinned_time"
    WINDOW = "window"
    TOO_EARLY = "too_early"
    SHIFT_START = "shift_start"
    STOP_BEFORE = "stop_before"
    DEPOT = "depot"
    BREAK = "break"
    CREW = "crew"
    NOTHING = "nothing"


class RelaxationCode(StrEnum):
    """Which rule would have to give way for a visit that is left out."""

    START_LATER = "start_later"
    START_EARLIER = "start_earlier"
    LEVEL_LOWER = "level_lower"
    CREDENTIAL_MISSING = "credential_missing"
    OVERTIME = "overtime"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Moved:
    """Another job that would start at another time, or in another shift."""

    job_id: str
    from_shift_id: str
    to_shift_id: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """The job with these technicians at its best start, and what that changes.

    `terms` are cents by term against the plan as it stands, price of leaving out included;
    `violations` the hard rules it breaks and the plan does not; `routes` replace those of the
    shifts that change (of `emptied` shifts nothing is left).
    """

    code: CandidateCode
    sentence: str
    shift_ids: tuple[str, ...]
    technician_ids: tuple[str, ...]
    start: int
    end: int
    terms: Mapping[str, int]
    violations: tuple[Violation, ...] = ()
    moved: tuple[Moved, ...] = ()
    routes: tuple[Route, ...] = ()
    emptied: tuple[str, ...] = ()

    @property
    def cents(self) -> int:
        return sum(self.terms.values())

    @property
    def is_present(self) -> bool:
        return self.code is CandidateCode.PRESENT

    @property
    def is_feasible(self) -> bool:
        return not self.violations


@dataclass(frozen=True, slots=True)
class Comparison:
    """One technician instead of another: `terms` are cents of the first less the second."""

    first: Candidate
    second: Candidate
    terms: Mapping[str, int]
    sentence: str

    @property
    def cents(self) -> int:
        return sum(self.terms.values())


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that allows no start before `until`; what is binding allows none before now.

    `job_id` is the stop before, `seconds` the way or the break that takes the time.
    """

    code: ObstacleCode
    sentence: str
    until: int
    is_binding: bool
    job_id: str | None = None
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The smallest change of one rule that lets the job in, proven by a place that `check` accepts.

    `amount` is in seconds (start, overtime) or levels; `name` the skill or credential;
    `cost_cents` what the job then costs (leaving it out is not in it), also for whoever moves.
    `jobs` and `shifts` are the relaxed ones, `routes` the place.
    """

    code: RelaxationCode
    sentence: str
    amount: int
    terms: Mapping[str, int]
    shift_ids: tuple[str, ...]
    technician_ids: tuple[str, ...]
    start: int
    name: str | None = None
    moved: tuple[Moved, ...] = ()
    jobs: tuple[Job, ...] = ()
    shifts: tuple[Shift, ...] = ()
    routes: tuple[Route, ...] = ()
    emptied: tuple[str, ...] = ()

    @property
    def cost_cents(self) -> int:
        return sum(self.terms.values())


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a job is where it is, or why it is left out.

    Candidates are ranked: feasible ones by price, then the forbidden by how much they break.
    Obstacles belong to a job with a place (`earlier`: what an earlier start with the same
    technician would change), reasons and relaxations to one without. Relaxations are looked for
    when no candidate is feasible. `left_out_cents` is the price of leaving the job out.
    """

    job_id: str
    is_assigned: bool
    left_out_cents: int
    candidates: tuple[Candidate, ...]
    obstacles: tuple[Obstacle, ...] = ()
    earlier: Candidate | None = None
    reasons: tuple[Reason, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
