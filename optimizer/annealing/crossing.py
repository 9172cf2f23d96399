"""Compiled: two routes exchange what comes behind a stop, or everything.

Ruin and recreate takes out short strings, so it hardly ever gives a whole day to another
technician; this does it in one step.
"""

from __future__ import annotations

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import compiled
from optimizer.annealing.passes import settle_pass
from optimizer.annealing.places import draw
from optimizer.annealing.times import refresh
from optimizer.annealing.undoing import remember

WHOLE_DAYS = 0.5
"""How often everything is exchanged, with one of the shifts near a job."""
NEAREST = 20
"""Of the near jobs, those before which a tail may come."""


@compiled
def cross(facts, plan, memory, near_jobs, near_shifts, movable):
    """Exchange the tails of two routes; whether both can be done so (else they must be undone)."""
    seed, where = memory[t.SEED], plan[t.WHERE]
    job = movable[int(draw(seed) * len(movable))]
    v, row = where[job, 0], where[job, 1]
    if v < 0:
        return False
    if draw(seed) < WHOLE_DAYS:
        w, kept, taken = near_shifts[job, int(draw(seed) * near_shifts.shape[1])], 0, 1
    else:
        near = min(NEAREST, near_jobs.shape[1])
        other = near_jobs[job, int(draw(seed) * near)]
        w, kept, taken = where[other, 0], row, where[other, 1]
    if w < 0 or w == v:
        return False
    return exchange(facts, plan, memory, v, kept, w, taken)


@compiled
def exchange(facts, plan, memory, v, kept, w, taken):
    """Route v keeps its first `kept` stops and goes on with w's from row `taken`, and w with the
    rest of v's."""
    stops, routes, jobs = plan[t.STOPS], plan[t.ROUTES], facts[t.JOBS]
    saved, touched, counts = memory[t.SAVED_ROUTES], memory[t.TOUCHED_ROUTES], memory[t.COUNTS]
    first, second = routes[v, t.LENGTH], routes[w, t.LENGTH]
    longest = stops.shape[1] - 4
    if kept + second - taken + 1 > longest or taken - 1 + first - kept > longest:
        return False
    remember(plan, saved, touched, counts, v)
    remember(plan, saved, touched, counts, w)
    n = kept
    for k in range(taken, second + 1):
        n += 1
        stops[v, n, t.JOB] = saved[w, k]
        if is_bound(jobs, saved[w, k]):
            return False
    routes[v, t.LENGTH] = n
    n = taken - 1
    for k in range(kept + 1, first + 1):
        n += 1
        stops[w, n, t.JOB] = saved[v, k]
        if is_bound(jobs, saved[v, k]):
            return False
    routes[w, t.LENGTH] = n
    if not refresh(*facts, *plan, v) or not refresh(*facts, *plan, w):
        return False
    settle_pass(facts, plan, v)
    settle_pass(facts, plan, w)
    return True


@compiled
def is_bound(jobs, job):
    """Whether the stop stays with its shift: not the pass of a depot, which any shift may make."""
    return jobs[job, t.HELD] and not jobs[job, t.IS_PASS]
