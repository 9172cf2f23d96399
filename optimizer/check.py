"""Every hard rule, checked on a finished plan from the problem alone, without code of the search.

Rules about the whole plan stand here; those about one route, its depot pass, one stop, or jobs
bound to each other in the files beside.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator

from optimizer.check_bonds import BOND_RULES
from optimizer.check_depot import DEPOT_RULES
from optimizer.check_route import ROUTE_RULES
from optimizer.check_stop import STOP_RULES
from optimizer.plan import Plan, Route, Stop
from optimizer.problem import Problem
from optimizer.shift import Shift
from optimizer.violation import Code, Violation


def check(problem: Problem, plan: Plan) -> list[Violation]:
    """Every violation; an empty list means that the plan can be carried out as it stands."""
    found = [violation for rule in PLAN_RULES for violation in rule(problem, plan)]
    for route in plan.routes:
        shift = problem.shift_by_id.get(route.shift_id)
        if shift is None:
            continue
        for route_rule in (*ROUTE_RULES, *DEPOT_RULES):
            found.extend(route_rule(problem, shift, route))
        for stop in route.stops[len(shift.committed) :]:
            job = problem.job_by_id.get(stop.job_id)
            if job is not None:
                for stop_rule in STOP_RULES:
                    found.extend(stop_rule(problem, shift, job, stop))
    return found


def known_shifts(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Every route belongs to a shift of the problem, every shift has one route at most."""
    seen: set[str] = set()
    for route in plan.routes:
        if route.shift_id not in problem.shift_by_id:
            sentence = f"There is no shift {route.shift_id}."
            yield Violation(Code.UNKNOWN_SHIFT, sentence, shift_id=route.shift_id)
        if route.shift_id in seen:
            sentence = f"Shift {route.shift_id} has two routes."
            yield Violation(Code.DUPLICATE_ROUTE, sentence, shift_id=route.shift_id)
        seen.add(route.shift_id)


def known_jobs(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Only jobs of the problem are planned or left out."""
    for route in plan.routes:
        for stop in route.stops:
            if stop.job_id not in problem.job_by_id:
                sentence = f"There is no job {stop.job_id}."
                yield Violation(Code.UNKNOWN_JOB, sentence, stop.job_id, route.shift_id)
    for left in plan.unassigned:
        if left.job_id not in problem.job_by_id:
            sentence = f"There is no job {left.job_id}."
            yield Violation(Code.UNKNOWN_JOB, sentence, left.job_id)


def jobs_accounted_for(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Every job is either planned or left out, once."""
    left = Counter(unassigned.job_id for unassigned in plan.unassigned)
    seats = _seats(plan)
    for job in problem.jobs:
        mentions = left[job.id]
        if job.id not in seats and mentions == 0:
            yield Violation(Code.LOST_JOB, f"Job {job.id} is lost.", job.id)
        if mentions > 1 or (mentions and job.id in seats):
            sentence = f"Job {job.id} is planned or left out more than once."
            yield Violation(Code.DUPLICATE_JOB, sentence, job.id, amount=mentions)


def crews_complete(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """A planned job has as many stops as its crew, each by another technician."""
    for job_id, seats in _seats(plan).items():
        job = problem.job_by_id.get(job_id)
        if job is None:
            continue
        if len(seats) != job.crew_size:
            single = job.crew_size == 1
            code = Code.DUPLICATE_JOB if single else Code.CREW_SIZE
            sentence = f"Job {job_id} has {len(seats)} stops, its crew is {job.crew_size}."
            yield Violation(code, sentence, job_id, amount=len(seats) - job.crew_size)
        known = (problem.shift_by_id.get(route.shift_id) for route, _ in seats)
        technicians = [shift.technician_id for shift in known if shift is not None]
        if job.crew_size > 1 and len(set(technicians)) < len(technicians):
            sentence = f"Job {job_id} has one technician on two seats."
            yield Violation(Code.CREW_SAME_TECHNICIAN, sentence, job_id)


def crews_together(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """A crew starts at one time."""
    for job_id, seats in _seats(plan).items():
        starts = [stop.start for _, stop in seats]
        apart = max(starts) - min(starts)
        if apart and job_id not in problem.committed_ids:
            sentence = f"The crew of job {job_id} starts {apart} seconds apart."
            yield Violation(Code.CREW_NOT_TOGETHER, sentence, job_id, amount=apart)


def pinned_technicians(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """The technician a person has pinned is among those who come."""
    for job_id, seats in _seats(plan).items():
        job = problem.job_by_id.get(job_id)
        if job is None or job.pin is None or job.pin.technician_id is None:
            continue
        known = (problem.shift_by_id.get(route.shift_id) for route, _ in seats)
        come = {shift.technician_id for shift in known if shift is not None}
        if job.pin.technician_id not in come and job_id not in problem.committed_ids:
            sentence = f"Job {job_id} is pinned to technician {job.pin.technician_id}."
            yield Violation(Code.PIN_TECHNICIAN, sentence, job_id, seats[0][0].shift_id)


def committed_kept(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Each route opens with its shift's committed stops, at their times."""
    routes = {route.shift_id: route for route in plan.routes}
    for shift in problem.shifts:
        route = routes.get(shift.id)
        stops = route.stops if route else ()
        for position, fact in enumerate(shift.committed):
            stop = stops[position] if position < len(stops) else None
            kept = stop and (stop.job_id, stop.start, stop.end) == (
                fact.job_id,
                fact.start,
                fact.end,
            )
            if not kept:
                sentence = f"Committed job {fact.job_id} is not kept as stop {position + 1}."
                yield Violation(Code.COMMITTED_CHANGED, sentence, fact.job_id, shift.id)


def rest_kept(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Between two shifts a technician rests; a shift that has begun is a fact."""
    for before, after in itertools.pairwise(_worked(problem, plan)):
        (ending, first), (shift, second) = before, after
        if shift.technician_id != ending.technician_id or shift.committed:
            continue
        short = shift.rest_seconds - (second.departure - first.end)
        if short > 0:
            sentence = f"{short} seconds of rest are missing before shift {shift.id}."
            yield Violation(Code.REST, sentence, None, shift.id, short)


def hours_kept(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """No technician works more over several shifts than allowed."""
    worked = _worked(problem, plan)
    for limit in problem.hours:
        own = [(shift, route) for shift, route in worked if limit.covers(shift)]
        spent = sum(_seconds_worked(shift, route) for shift, route in own)
        if spent > limit.max_seconds:
            over = spent - limit.max_seconds
            sentence = f"Technician {limit.technician_id} works {over} seconds too long in all."
            yield Violation(Code.HOURS, sentence, None, own[-1][0].id, over)


def asked_as_given(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Only who may be asked is asked, each once, and for the start that was given."""
    for left in plan.unassigned:
        job, asked = problem.job_by_id.get(left.job_id), left.asked
        if job is None or asked is None:
            continue
        known = job.crowd.offers if job.crowd else ()
        people = [offer.technician_id for offer in asked.offers]
        wrong = not set(asked.offers) <= set(known) or len(set(people)) < len(people)
        if wrong or job.crowd is None or asked.start != job.crowd.start:
            sentence = f"Others are asked for job {job.id} than may be, or for another start."
            yield Violation(Code.OFFER_UNKNOWN, sentence, job.id)


def promises_backed(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """No promised window rests on freelancers alone without saying so."""
    for left in plan.unassigned:
        job, asked = problem.job_by_id.get(left.job_id), left.asked
        if job is None or asked is None or asked.is_uncovered or asked.backup:
            continue
        if job.is_window_promised:
            sentence = f"The window promised for job {job.id} rests on freelancers alone."
            yield Violation(Code.PROMISE_UNBACKED, sentence, job.id)


def shares_kept(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Freelancers are asked for no more of the jobs of each share than it allows."""
    asked = {left.job_id for left in plan.unassigned if left.asked is not None}
    for cap in problem.share_caps:
        over = len(asked.intersection(cap.job_ids)) - cap.most
        if over > 0:
            sentence = f"Freelancers are asked for {over} jobs more than share {cap.name} allows."
            yield Violation(Code.SHARE_EXCEEDED, sentence, amount=over)


PLAN_RULES: tuple[Callable[[Problem, Plan], Iterator[Violation]], ...] = (
    known_shifts,
    known_jobs,
    jobs_accounted_for,
    crews_complete,
    crews_together,
    pinned_technicians,
    committed_kept,
    rest_kept,
    hours_kept,
    asked_as_given,
    promises_backed,
    shares_kept,
    *BOND_RULES,
)


def _seconds_worked(shift: Shift, route: Route) -> int:
    """On the way and at work; of a shift of facts alone no more than it was to take."""
    spent = route.travel_seconds + route.depot_seconds
    spent += sum(stop.end - stop.start for stop in route.stops)
    if shift.max_work_seconds is None or len(route.stops) > len(shift.committed):
        return spent
    return min(spent, shift.max_work_seconds)


def _worked(problem: Problem, plan: Plan) -> list[tuple[Shift, Route]]:
    """Each shift that is used with its route, by technician in order of time."""
    known = problem.shift_by_id
    worked = [(known[route.shift_id], route) for route in plan.routes if route.shift_id in known]
    return sorted(worked, key=lambda one: (one[0].technician_id, one[0].start))


def _seats(plan: Plan) -> dict[str, list[tuple[Route, Stop]]]:
    seats: dict[str, list[tuple[Route, Stop]]] = {}
    for route in plan.routes:
        for stop in route.stops:
            seats.setdefault(stop.job_id, []).append((route, stop))
    return seats
