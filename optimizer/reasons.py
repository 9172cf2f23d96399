"""Why a job is left out, by group of technicians."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from optimizer.binding import Bonds, Leeway
from optimizer.bonds.settling import seats_in
from optimizer.crews import best_crew
from optimizer.job import Job
from optimizer.packed import has_credentials, has_skills
from optimizer.plan import Reason, ReasonCode, Unassigned
from optimizer.problem import UNREACHABLE, Problem
from optimizer.shift import Shift
from optimizer.state import State
from optimizer.stock import missing_reason
from optimizer.time_price import NEVER

NEAREST_LAST = (
    ReasonCode.EXCLUDED,
    ReasonCode.NOT_REQUIRED,
    ReasonCode.PINNED_ELSEWHERE,
    ReasonCode.SKILL_MISSING,
    ReasonCode.CREDENTIAL_MISSING,
    ReasonCode.PART_MISSING,
    ReasonCode.TOOL_MISSING,
    ReasonCode.OUT_OF_REACH,
    ReasonCode.OUTSIDE_SHIFT,
    ReasonCode.BEFORE_LEFT_OUT,
    ReasonCode.BUNDLED_ELSEWHERE,
    ReasonCode.OUT_OF_ORDER,
    ReasonCode.NO_ROOM,
    ReasonCode.CREW_TOO_SMALL,
    ReasonCode.TOO_EXPENSIVE,
)
"""From the reason that no plan can mend to the one that the next plan may."""
RANKS = {code: rank for rank, code in enumerate(NEAREST_LAST)}


def unassigned_jobs(state: State, empty: State, stop: Callable[[], bool]) -> tuple[Unassigned, ...]:
    """Every job without a seat, in the order of the problem, with its reasons.

    `empty` is a state without stops: what does not fit there fits in no plan. Jobs that are left
    when `stop` says so get no reasons.
    """
    packed = state.packed
    taken = packed.problem.committed_ids
    bonds = Bonds(packed) if packed.problem.bound_ids else None
    seats = seats_in(bonds, state.routes) if bonds else {}
    left = [
        job
        for job in range(len(packed.problem.jobs))
        if not state.seats.get(job) and packed.jobs[job].id not in taken
    ]
    found = []
    for j in left:
        reasons: tuple[Reason, ...] = ()
        if not stop():
            is_bound = bonds is not None and packed.jobs[j].id in packed.problem.bound_ids
            leeway = bonds.leeway(j, seats) if bonds and is_bound else ANYWHERE
            reasons = _reasons(state, empty, j, leeway)
        found.append(Unassigned(packed.jobs[j].id, reasons))
    return tuple(found)


ANYWHERE = Leeway(-NEVER, NEVER, ())
"""What bonds leave for a job without any."""


def _reasons(state: State, empty: State, job: int, leeway: Leeway | None) -> tuple[Reason, ...]:
    packed = state.packed
    if not packed.shifts:
        return (Reason(ReasonCode.NO_SHIFTS),)
    found: list[tuple[str, ReasonCode]] = []
    timely = set(empty.places(job).shift.tolist())
    roomy = _roomy(state, job)
    bound = _bound_reasons(empty, job, leeway)
    able = set(packed.able[job].tolist())
    for s, shift in enumerate(packed.problem.shifts):
        code = None if s in able else static_reason(packed.problem, packed.jobs[job], shift)
        if code is None:
            code = _timing_reason(state, job, s in able and s in timely, s in roomy, bound.get(s))
        found.append((shift.technician_id, code))
    return grouped(found)


def _roomy(state: State, job: int) -> set[int]:
    """Shifts with a place for the job as their routes are."""
    found = state.places(job)
    spots = zip(found.shift.tolist(), found.position.tolist(), strict=True)
    if not state.packed.needs[job]:
        return {s for s, _ in spots}
    return {s for s, position in spots if state.price(job, s, position) is not None}


def grouped(found: Iterable[tuple[str, ReasonCode]]) -> tuple[Reason, ...]:
    """Technicians by reason; who has several shifts counts with the nearest to being able."""
    nearest: dict[str, int] = {}
    for technician, code in found:
        rank = RANKS[code]
        if rank >= nearest.get(technician, 0):
            nearest[technician] = rank
    groups: dict[int, list[str]] = {}
    for technician, rank in nearest.items():
        groups.setdefault(rank, []).append(technician)
    return tuple(Reason(NEAREST_LAST[rank], tuple(sorted(groups[rank]))) for rank in sorted(groups))


def _bound_reasons(empty: State, job: int, leeway: Leeway | None) -> dict[int, ReasonCode]:
    """By shift, where the job's bonds to others do not let it be."""
    shifts = range(len(empty.packed.shifts))
    if leeway is ANYWHERE:
        return {}
    if leeway is None:
        return dict.fromkeys(shifts, ReasonCode.BEFORE_LEFT_OUT)
    own = empty.packed.windows[job]
    empty.packed.windows[job] = leeway.cut(own)
    timely = set(empty.places(job).shift.tolist())
    empty.packed.windows[job] = own
    found = dict.fromkeys((s for s in shifts if s not in timely), ReasonCode.OUT_OF_ORDER)
    elsewhere = (s for s in shifts if s not in leeway.shifts)
    return found | dict.fromkeys(elsewhere, ReasonCode.BUNDLED_ELSEWHERE)


def _timing_reason(
    state: State, job: int, timely: bool, roomy: bool, bound: ReasonCode | None
) -> ReasonCode:
    if not timely:
        return ReasonCode.OUTSIDE_SHIFT
    if bound is not None:
        return bound
    if not roomy:
        return ReasonCode.NO_ROOM
    if state.packed.jobs[job].crew_size > 1 and best_crew(state, job) is None:
        return ReasonCode.CREW_TOO_SMALL
    return ReasonCode.TOO_EXPENSIVE


def static_reason(problem: Problem, job: Job, shift: Shift) -> ReasonCode | None:
    """Why this technician may not do the job whatever the time; None when he may."""
    technician = shift.technician_id
    if technician in job.excluded_technicians:
        return ReasonCode.EXCLUDED
    if job.required_technicians and technician not in job.required_technicians:
        return ReasonCode.NOT_REQUIRED
    if job.crew_size == 1 and job.pin and job.pin.technician_id not in (None, technician):
        return ReasonCode.PINNED_ELSEWHERE
    if not has_skills(job, shift):
        return ReasonCode.SKILL_MISSING
    if not has_credentials(job, shift):
        return ReasonCode.CREDENTIAL_MISSING
    missing = missing_reason(problem, job, shift)
    if missing is not None:
        return missing
    trip = problem.travel.between(shift.start_place, job.place)
    reach = UNREACHABLE - 1 if shift.reach_seconds is None else shift.reach_seconds
    return ReasonCode.OUT_OF_REACH if trip > reach else None
