"""Hard rules between jobs: their order and delays, and what bundles share.

Committed stops are facts: a rule that only they could break is not held against the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from optimizer.bond import Bundle, Precedence, Together
from optimizer.plan import Plan, Route, Stop
from optimizer.problem import Problem
from optimizer.violation import Code, Violation

Seats = dict[str, list[tuple[Route, Stop]]]


def precedences_kept(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Who comes after comes behind the one before, within the delays, and never alone."""
    seats = _seats(plan, {key for bond in problem.precedences for key in (bond.before, bond.after)})
    for bond in problem.precedences:
        if bond.after in seats and bond.after not in problem.committed_ids:
            yield from _judged(bond, seats)


def _judged(bond: Precedence, seats: Seats) -> Iterator[Violation]:
    shift_id = seats[bond.after][0][0].shift_id
    if bond.before not in seats:
        sentence = f"Job {bond.after} is planned without job {bond.before}, which it follows."
        yield Violation(Code.BEFORE_MISSING, sentence, bond.after, shift_id)
        return
    done = max(stop.end for _, stop in seats[bond.before])
    delay = min(stop.start for _, stop in seats[bond.after]) - done
    if delay < bond.min_delay:
        short = bond.min_delay - delay
        sentence = f"Job {bond.after} starts {short} seconds too soon behind job {bond.before}."
        yield Violation(Code.DELAY_TOO_SHORT, sentence, bond.after, shift_id, short)
    if bond.max_delay is not None and delay > bond.max_delay:
        long = delay - bond.max_delay
        sentence = f"Job {bond.after} starts {long} seconds too long behind job {bond.before}."
        yield Violation(Code.DELAY_TOO_LONG, sentence, bond.after, shift_id, long)


def bundles_shared(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """The planned jobs of a bundle have one technician; by its kind one shift, too."""
    seats = _seats(plan, {key for bundle in problem.bundles for key in bundle.job_ids})
    for bundle in problem.bundles:
        who, where = _shared_by(problem, bundle, seats)
        for job_id in bundle.job_ids:
            if job_id not in seats or job_id in problem.committed_ids:
                continue
            shift_id = seats[job_id][0][0].shift_id
            if _technician(problem, shift_id) not in who:
                sentence = f"Job {job_id} is not with the technician of its bundle."
                yield Violation(Code.BUNDLE_TECHNICIANS, sentence, job_id, shift_id)
            elif bundle.together is not Together.TECHNICIAN and shift_id not in where:
                sentence = f"Job {job_id} is not in the shift of its bundle."
                yield Violation(Code.BUNDLE_SHIFTS, sentence, job_id, shift_id)


def _shared_by(problem: Problem, bundle: Bundle, seats: Seats) -> tuple[set[str], set[str]]:
    """The technicians and shifts that the bundle's jobs may have: those of its facts, or those of
    the first job planned."""
    planned = [job_id for job_id in bundle.job_ids if job_id in seats]
    facts = [job_id for job_id in planned if job_id in problem.committed_ids]
    where = {seats[job_id][0][0].shift_id for job_id in (facts or planned[:1])}
    return {_technician(problem, shift_id) for shift_id in where}, where


def _technician(problem: Problem, shift_id: str) -> str:
    shift = problem.shift_by_id.get(shift_id)
    return shift.technician_id if shift else ""


def stays_unbroken(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """In a stay each planned job starts as the one before it ends."""
    stays = [bundle for bundle in problem.bundles if bundle.together is Together.STAY]
    seats = _seats(plan, {key for bundle in stays for key in bundle.job_ids})
    for bundle in stays:
        planned = [job_id for job_id in bundle.job_ids if job_id in seats]
        for first, second in pairwise(planned):
            if {first, second} <= problem.committed_ids:
                continue
            [(_, before), *_], [(route, after), *_] = seats[first], seats[second]
            if apart := abs(after.start - before.end):
                sentence = f"Job {second} is {apart} seconds apart from job {first} of its stay."
                yield Violation(Code.STAY_BROKEN, sentence, second, route.shift_id, apart)


BOND_RULES: tuple[Callable[[Problem, Plan], Iterator[Violation]], ...] = (
    precedences_kept,
    bundles_shared,
    stays_unbroken,
)


def _seats(plan: Plan, job_ids: set[str]) -> Seats:
    found: Seats = {}
    for route in plan.routes if job_ids else ():
        for stop in route.stops:
            if stop.job_id in job_ids:
                found.setdefault(stop.job_id, []).append((route, stop))
    return found
