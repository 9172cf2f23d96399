"""Compiled: what an iteration has changed, and taking it back."""

from __future__ import annotations

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import compiled
from optimizer.annealing.times import refresh


@compiled
def remember(plan, saved, touched, counts, v):
    """Keep route v as it is before its first change in this iteration."""
    stops, routes, cents = plan[t.STOPS], plan[t.ROUTES], plan[t.CENTS]
    if routes[v, t.SAVED]:
        return
    routes[v, t.SAVED] = 1
    touched[counts[t.TOUCHED]] = v
    counts[t.TOUCHED] += 1
    n = routes[v, t.LENGTH]
    cents[v, t.OLD_COST] = cents[v, t.COST]
    saved[v, 0] = n
    for k in range(1, n + 1):
        saved[v, k] = stops[v, k, t.JOB]


@compiled
def undo(facts, plan, memory):
    """Back to how it was before this iteration."""
    stops, routes, where = plan[t.STOPS], plan[t.ROUTES], plan[t.WHERE]
    left, old_left, saved, touched, counts = (
        memory[t.LEFT_JOBS],
        memory[t.OLD_LEFT],
        memory[t.SAVED_ROUTES],
        memory[t.TOUCHED_ROUTES],
        memory[t.COUNTS],
    )
    for i in range(counts[t.TOUCHED]):
        v = touched[i]
        routes[v, t.SAVED] = 0
        n = saved[v, 0]
        routes[v, t.LENGTH] = n
        for k in range(1, n + 1):
            stops[v, k, t.JOB] = saved[v, k]
        refresh(*facts, *plan, v)
    counts[t.LEFT] = counts[t.LEFT_BEFORE]
    for i in range(counts[t.LEFT]):
        left[i] = old_left[i]
        where[left[i], 0] = -1
