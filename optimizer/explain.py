"""Why a job is where it is, or why it is left out and what would change that; as data.

Everything is proven: money is the difference of two `score`s, what is called feasible is a plan
that `check` accepts (or that breaks nothing which the present plan does not break already).
"""

from __future__ import annotations

from dataclasses import replace

from optimizer.explaining.candidates import Candidates, compared
from optimizer.explaining.crews import CrewRelaxations
from optimizer.explaining.ejections import moving_others
from optimizer.explaining.facts import Candidate, Comparison, Explanation, Relaxation
from optimizer.explaining.obstacles import obstacles
from optimizer.explaining.pieces import Pieces
from optimizer.explaining.relaxations import Relaxations
from optimizer.explaining.space import Spaces
from optimizer.job import Job
from optimizer.plan import Plan, Reason, ReasonCode
from optimizer.problem import Problem
from optimizer.reasons import grouped, static_reason
from optimizer.score import score
from optimizer.shift import Shift


def explain(
    problem: Problem,
    plan: Plan,
    job_id: str,
    spaces: Spaces | None = None,
    pieces: Pieces | None = None,
) -> Explanation:
    """The explanation of one job of the problem; it depends on problem, plan and job alone.

    Raises KeyError when there is no such job. Other jobs keep their places and start no earlier
    than in the plan; who comes behind may be pushed later within the hard rules. `spaces` may be
    kept from question to question, of any problem: what was packed is taken over where it fits;
    `pieces` those of this problem and plan.
    """
    job = problem.job_by_id[job_id]
    pieces = pieces or Pieces(problem, plan)
    candidates = Candidates(pieces, job, {} if spaces is None else spaces)
    found = _explained(pieces, job, candidates)
    candidates.put_back()
    return found


def _explained(pieces: Pieces, job: Job, candidates: Candidates) -> Explanation:
    problem, plan, job_id = pieces.problem, pieces.plan, job.id
    ranked = candidates.ranked()
    left_out = pieces.left_out_cents(job, is_assigned=candidates.is_assigned)
    if candidates.is_assigned:
        return Explanation(
            job_id,
            True,
            left_out,
            ranked,
            obstacles=obstacles(problem, plan, job),
            earlier=candidates.earlier(),
        )
    relaxations: tuple[Relaxation, ...] = ()
    if not any(candidate.is_feasible for candidate in ranked):
        relaxations = _relaxations(pieces, job, candidates)
    return Explanation(
        job_id,
        False,
        left_out,
        ranked,
        reasons=_reasons(problem, job, candidates, ranked),
        relaxations=relaxations,
    )


def _relaxations(pieces: Pieces, job: Job, candidates: Candidates) -> tuple[Relaxation, ...]:
    if job.crew_size > 1:
        return CrewRelaxations(pieces, job).found()
    search = Relaxations(pieces, job, candidates)
    return (*search.found(), *moving_others(pieces, job, search.able))


def compare(explanation: Explanation, first: str, second: str | None = None) -> Comparison | None:
    """One technician instead of another (the present ones when not given), each at the best place.

    None when one of them has no candidate.
    """
    one = best_of(explanation, first)
    other = (
        next((c for c in explanation.candidates if c.is_present), None)
        if second is None
        else best_of(explanation, second)
    )
    return None if one is None or other is None else compared(one, other)


def best_of(explanation: Explanation, technician_id: str) -> Candidate | None:
    """The technician's best ranked candidate; of crews the first with him."""
    mine = [c for c in explanation.candidates if technician_id in c.technician_ids]
    return next((c for c in mine if not c.is_present), mine[0] if mine else None)


def carried_out(problem: Problem, plan: Plan, change: Candidate | Relaxation) -> Plan:
    """The plan with that change made."""
    routes = {**plan.route_by_shift, **{route.shift_id: route for route in change.routes}}
    for shift_id in change.emptied:
        routes.pop(shift_id, None)
    there = {stop.job_id for route in routes.values() for stop in route.stops}
    kept = tuple(routes[shift.id] for shift in problem.shifts if shift.id in routes)
    left = tuple(item for item in plan.unassigned if item.job_id not in there)
    changed = replace(plan, routes=kept, unassigned=left)
    return replace(changed, score=score(problem, changed))


def relaxed(problem: Problem, relaxation: Relaxation) -> Problem:
    """The problem with the one rule of the relaxation changed."""
    jobs = {job.id: job for job in relaxation.jobs}
    shifts = {shift.id: shift for shift in relaxation.shifts}
    return replace(
        problem,
        jobs=tuple(jobs.get(job.id, job) for job in problem.jobs),
        shifts=tuple(shifts.get(shift.id, shift) for shift in problem.shifts),
    )


def _reasons(
    problem: Problem, job: Job, candidates: Candidates, ranked: tuple[Candidate, ...]
) -> tuple[Reason, ...]:
    if not problem.shifts:
        return (Reason(ReasonCode.NO_SHIFTS),)
    feasible = {key for one in ranked if one.is_feasible for key in one.shift_ids}
    found = []
    for number, shift in enumerate(problem.shifts):
        code = static_reason(problem, job, shift)
        if code is None:
            room = candidates.room(shift)
            if shift.id in feasible:
                code = ReasonCode.TOO_EXPENSIVE
            elif not room.is_timely(job):
                code = ReasonCode.OUTSIDE_SHIFT
            elif why := _bound_reason(candidates, job, number, shift):
                code = why
            elif job.crew_size > 1 and room.places(job):
                code = ReasonCode.TOO_EXPENSIVE if feasible else ReasonCode.CREW_TOO_SMALL
            else:
                code = ReasonCode.NO_ROOM
        found.append((shift.technician_id, code))
    return grouped(found)


def _bound_reason(candidates: Candidates, job: Job, number: int, shift: Shift) -> ReasonCode | None:
    """What the job is bound to does not let it be in the shift."""
    if job.id not in candidates.pieces.problem.bound_ids:
        return None
    leeway = candidates.pieces.leeway(job.id)
    if leeway is None:
        return ReasonCode.BEFORE_LEFT_OUT
    if number not in leeway.shifts:
        return ReasonCode.BUNDLED_ELSEWHERE
    return None if candidates.room(shift).is_timely(job, bound=True) else ReasonCode.OUT_OF_ORDER
