"""The price of a plan, term by term, from problem and plan alone: no code of the search is used.

Each term is one function. Amounts are exact where the facts are; rates per hour, minute or day
are rounded to the nearest cent once per route or job.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor

from optimizer.crowd import Offer
from optimizer.job import Deadline, Job
from optimizer.plan import Plan, Route, Score, Stop
from optimizer.problem import Problem
from optimizer.shift import Shift

HOUR = 3600
DAY = 86400
GRAMS_PER_TONNE = 1_000_000

Starts = dict[str, int]


def score(problem: Problem, plan: Plan) -> Score:
    """Every term after weights. Stops of jobs or shifts that are unknown cost nothing."""
    weights = problem.weights
    return Score(
        **{
            name: _rounded(term(problem, plan) * getattr(weights, name), 100)
            for name, term in TERMS
        }
    )


def unserved(problem: Problem, plan: Plan) -> int:
    """The price of leaving out, for each job that nobody is to do."""
    starts = _starts(plan)
    return sum(job.unserved_cents for job in problem.jobs if job.id not in starts)


def sla_lateness(problem: Problem, plan: Plan) -> int:
    """Lateness behind each deadline; its cap for a job left out."""
    starts = _starts(plan)
    return sum(
        _lateness(job.deadline, starts[job.id]) if job.id in starts else job.deadline.cap_cents
        for job in problem.jobs
        if job.deadline
    )


def travel(problem: Problem, plan: Plan) -> int:
    """Time on the way at the technician's rate."""
    return _by_route(
        problem, plan, lambda shift, route: (route.travel_seconds, shift.travel_cents_per_hour)
    )


def work(problem: Problem, plan: Plan) -> int:
    """Time at work and at depots at the technician's rate, and the fixed cost of used shifts."""
    fixed = sum(shift.fixed_cents for shift, _ in _used(problem, plan))
    return fixed + _by_route(
        problem, plan, lambda shift, route: (_work_seconds(route), shift.work_cents_per_hour)
    )


def overtime(problem: Problem, plan: Plan) -> int:
    """Time from the regular end of the shift to the end of its route."""
    return _by_route(
        problem,
        plan,
        lambda shift, route: (max(0, route.end - shift.end), shift.overtime_cents_per_hour),
    )


def waiting(problem: Problem, plan: Plan) -> int:
    """Time between departure and end that is neither way, work nor break."""
    return _by_route(
        problem, plan, lambda shift, route: (_idle_seconds(route), shift.waiting_cents_per_hour)
    )


def freelance(problem: Problem, plan: Plan) -> int:
    """What partners and freelancers are paid: per job and hour of work, at least the minimum."""
    total = 0
    for shift, route in _used(problem, plan):
        pay = len(route.stops) * shift.pay_cents_per_job
        pay += _rounded(_work_seconds(route) * shift.pay_cents_per_hour, HOUR)
        total += max(pay, shift.minimum_pay_cents)
    return total


def broken_promises(problem: Problem, plan: Plan) -> int:
    """Technicians promised who do not come, starts outside the promised window."""
    starts, crews = _starts(plan), _crews(problem, plan)
    total = 0
    for job in problem.jobs:
        promise = job.promise
        if promise is None:
            continue
        missing = set(promise.technician_ids) - crews.get(job.id, set())
        total += len(missing) * promise.technician_cents
        if promise.window and not (job.id in starts and promise.window.contains(starts[job.id])):
            total += promise.window_cents
    return total


def preference(problem: Problem, plan: Plan) -> int:
    """Seats taken by somebody not preferred, starts outside the soft window."""
    starts, crews = _starts(plan), _crews(problem, plan)
    total = 0
    for job in problem.jobs:
        if job.id not in starts:
            continue
        if job.preference_cents:
            others = crews.get(job.id, set()) - set(job.preferred_technicians)
            total += len(others) * job.preference_cents
        total += _outside_soft_window(job, starts[job.id])
    return total


def delay(problem: Problem, plan: Plan) -> int:
    """Waiting since the job became useful; until the end of the horizon when it is left out."""
    starts = _starts(plan)
    total = 0
    for job in problem.jobs:
        until = starts.get(job.id, problem.horizon_end)
        waited = max(0, until - (job.earliest_useful or 0))
        total += _rounded(waited * job.delay_cents_per_day, DAY)
    return total


def over_qualification(problem: Problem, plan: Plan) -> int:
    """Each level that a technician's skill stands above what the job requires of it."""
    total = 0
    for shift, job, _ in _stops(problem, plan):
        held = {skill.name: skill.level for skill in shift.skills}
        spare = sum(max(0, held.get(n.skill, 0) - n.level) for n in job.requirements)
        total += spare * shift.over_qualification_cents
    return total


def fairness(problem: Problem, plan: Plan) -> int:
    """More work, and more unpleasant jobs, for who had more than others so far."""
    unpleasant = sum(
        shift.fairness_cents_per_unpleasant
        for shift, job, _ in _stops(problem, plan)
        if job.is_unpleasant
    )
    return unpleasant + _by_route(
        problem, plan, lambda shift, route: (_work_seconds(route), shift.fairness_cents_per_hour)
    )


def co2(problem: Problem, plan: Plan) -> int:
    """What the vehicles emit on the way, at its price."""
    return sum(
        _rounded(
            route.travel_seconds * shift.co2_grams_per_hour * shift.co2_cents_per_tonne,
            HOUR * GRAMS_PER_TONNE,
        )
        for shift, route in _used(problem, plan)
    )


def risk(problem: Problem, plan: Plan) -> int:
    """How far each stop that takes its p80 would end behind its time or the end of the shift."""
    total = 0
    for shift, job, stop in _stops(problem, plan):
        if job.risk is None:
            continue
        ends = shift.end if job.risk.done_by is None else min(job.risk.done_by, shift.end)
        late = stop.start + shift.work_seconds(job.risk.p80_seconds, job.pace_skill) - ends
        total += _rounded(max(0, late) * job.risk.cents_per_minute, 60)
    return total


def crowd(problem: Problem, plan: Plan) -> int:
    """What asking freelancers one after the other is expected to cost: pay for who comes, the
    fallback when nobody does. As much as nobody where one's own come first."""
    total = 0
    for left in plan.unassigned:
        job = problem.job_by_id.get(left.job_id)
        if left.asked and job and job.crowd and not left.asked.is_uncovered:
            offers = () if job.crowd.own_first else left.asked.offers
            total += _expected(offers, job.crowd.fallback_cents)
    return total


TERMS: tuple[tuple[str, Callable[[Problem, Plan], int]], ...] = (
    ("unserved", unserved),
    ("sla_lateness", sla_lateness),
    ("travel", travel),
    ("work", work),
    ("overtime", overtime),
    ("waiting", waiting),
    ("freelance", freelance),
    ("broken_promises", broken_promises),
    ("preference", preference),
    ("delay", delay),
    ("over_qualification", over_qualification),
    ("fairness", fairness),
    ("co2", co2),
    ("risk", risk),
    ("crowd", crowd),
)


def _rounded(amount: int, unit: int) -> int:
    return (2 * amount + unit) // (2 * unit)


def _used(problem: Problem, plan: Plan) -> list[tuple[Shift, Route]]:
    known = problem.shift_by_id
    return [(known[r.shift_id], r) for r in plan.routes if r.shift_id in known]


def _stops(problem: Problem, plan: Plan) -> list[tuple[Shift, Job, Stop]]:
    jobs = problem.job_by_id
    return [
        (shift, jobs[stop.job_id], stop)
        for shift, route in _used(problem, plan)
        for stop in route.stops
        if stop.job_id in jobs
    ]


def _by_route(
    problem: Problem, plan: Plan, measure: Callable[[Shift, Route], tuple[int, int]]
) -> int:
    """Sum over routes of seconds x cents per hour."""
    measured = [measure(shift, route) for shift, route in _used(problem, plan)]
    return sum(_rounded(seconds * rate, HOUR) for seconds, rate in measured)


def _work_seconds(route: Route) -> int:
    return route.depot_seconds + sum(stop.end - stop.start for stop in route.stops)


def _idle_seconds(route: Route) -> int:
    paused = sum(
        max(0, min(pause.end, route.end) - max(pause.start, route.departure))
        for pause in route.breaks
    )
    busy = route.travel_seconds + _work_seconds(route) + paused
    return max(0, route.end - route.departure - busy)


def _expected(offers: tuple[Offer, ...], fallback_cents: int) -> int:
    cents, reached, done = Fraction(0), Fraction(1), Fraction(0)
    for offer in offers:
        said_yes = reached * Fraction(offer.accept_pct, 100)
        comes = said_yes * Fraction(offer.show_pct, 100)
        cents += comes * offer.pay_cents
        done += comes
        reached -= said_yes
    return floor(cents + (1 - done) * fallback_cents + Fraction(1, 2))


def _starts(plan: Plan) -> Starts:
    """When each job starts that has a stop (a crew's first) or that freelancers are asked for;
    one whose promise rests on them alone counts as left out."""
    starts: Starts = {
        left.job_id: left.asked.start
        for left in plan.unassigned
        if left.asked and not left.asked.is_uncovered
    }
    for route in plan.routes:
        for stop in route.stops:
            starts[stop.job_id] = min(stop.start, starts.get(stop.job_id, stop.start))
    return starts


def _crews(problem: Problem, plan: Plan) -> dict[str, set[str]]:
    crews: dict[str, set[str]] = {}
    for shift, route in _used(problem, plan):
        for stop in route.stops:
            crews.setdefault(stop.job_id, set()).add(shift.technician_id)
    return crews


def _lateness(deadline: Deadline, start: int) -> int:
    if start <= deadline.due:
        return 0
    grown = _rounded((start - deadline.due) * deadline.cents_per_minute, 60)
    stepped = sum(step.cents for step in deadline.steps if start > step.at)
    return min(deadline.cap_cents, deadline.breach_cents + grown + stepped)


def _outside_soft_window(job: Job, start: int) -> int:
    window = job.soft_window
    if window is None:
        return 0
    outside = max(window.start - start, start - window.end, 0)
    return _rounded(outside * window.cents_per_minute, 60)
