"""Compiled: what a route leaves of its own stock, and whether that is enough."""

from __future__ import annotations

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import inlined


@inlined
def take_stock(jobs, needs, shifts, stops, routes, store, v):
    """Write what route v leaves of its own stock and where its pass is; whether nothing lacks."""
    n, count, items = routes[v, t.LENGTH], len(shifts), store.shape[1]
    first_pass = len(jobs) - (len(store) - 2 * count)
    for i in range(items):
        store[v, i] = store[count + v, i]
    row, depot, enough = 0, -1, True
    for k in range(1, n + 1):
        job = stops[v, k, t.JOB]
        if job >= first_pass:
            enough = enough and row == 0
            row, depot = k, 2 * count + job - first_pass
        first = jobs[job, t.FIRST_NEED]
        for need in range(first, first + jobs[job, t.NEEDS]):
            item = needs[need, 0]
            if depot < 0 or store[depot, item] == 0:
                store[v, item] -= needs[need, 1]
                if store[v, item] < 0:
                    enough = False
    routes[v, t.PASS] = row
    routes[v, t.DEPOT] = depot
    return enough


@inlined
def lacks_behind(jobs, needs, shifts, stops, routes, store, v):
    """The row behind which route v, without a pass, first lacks something; writes into `store`."""
    n, count, items = routes[v, t.LENGTH], len(shifts), store.shape[1]
    for i in range(items):
        store[v, i] = store[count + v, i]
    for k in range(1, n + 1):
        first = jobs[stops[v, k, t.JOB], t.FIRST_NEED]
        for need in range(first, first + jobs[stops[v, k, t.JOB], t.NEEDS]):
            item = needs[need, 0]
            store[v, item] -= needs[need, 1]
            if store[v, item] < 0:
                return k - 1
    return n - 1


@inlined
def has_supplies(jobs, needs, routes, store, v, k, job):
    """Whether behind row k of route v what the job needs is on board."""
    depot = routes[v, t.DEPOT] if 0 < routes[v, t.PASS] <= k else -1
    first = jobs[job, t.FIRST_NEED]
    for need in range(first, first + jobs[job, t.NEEDS]):
        item = needs[need, 0]
        if depot >= 0 and store[depot, item] > 0:
            continue
        if needs[need, 1] > store[v, item]:
            return False
    return True
