"""Compiled: the waiting of a route, with the latest departure where that counts."""

from __future__ import annotations

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import compiled, inlined
from optimizer.annealing.starts import last_start, next_start


@compiled
def depart_late(jobs, work, windows, shifts, breaks, stops, routes, v, end):
    """Count the waiting anew with the latest departure that keeps breaks and end as traced."""
    n, first = routes[v, t.LENGTH], shifts[v, t.FIRST_BREAK]
    by = end
    for k in range(n + 1, 0, -1):
        bound = by - stops[v, k - 1, t.EDGE]
        for b in range(stops[v, k, t.TAKEN] - 1, stops[v, k - 1, t.TAKEN] - 1, -1):
            bound = min(bound - breaks[first + b, 2], breaks[first + b, 1])
        by = bound
        if k > 1:
            job = stops[v, k - 1, t.JOB]
            by = last_start(jobs, windows, job, bound - work[job, v])
    free, idle = by, 0
    for k in range(1, n + 2):
        pauses = 0
        arrival = free + stops[v, k - 1, t.EDGE]
        for b in range(stops[v, k - 1, t.TAKEN], stops[v, k, t.TAKEN]):
            arrival = max(arrival, breaks[first + b, 0]) + breaks[first + b, 2]
            pauses += breaks[first + b, 2]
        start = end
        if k <= n:
            start = next_start(jobs, windows, stops[v, k, t.JOB], arrival)
        if k > 1:
            idle += max(0, start - free - stops[v, k - 1, t.EDGE] - pauses)
        if k <= n:
            free = start + work[stops[v, k, t.JOB], v]
    routes[v, t.IDLE] = idle


@inlined
def note_waits(work, stops, routes, v):
    """Write what stops absorb: of a delay from there on, of an earlier bound up to there."""
    n = routes[v, t.LENGTH]
    stops[v, n + 1, t.WAITS] = 0
    for k in range(n, 0, -1):
        stops[v, k, t.WAITS] = stops[v, k + 1, t.WAITS] + stops[v, k, t.SLACK]
    stops[v, 0, t.YIELDS] = 0
    for k in range(1, n + 1):
        bound = stops[v, k + 1, t.LATEST] - stops[v, k, t.EDGE] - work[stops[v, k, t.JOB], v]
        taken_up = max(0, bound - stops[v, k, t.LATEST])
        stops[v, k, t.YIELDS] = stops[v, k - 1, t.YIELDS] + taken_up


@inlined
def waiting_in_gap(jobs, work, windows, shifts, stops, routes, cents, v, k, job, detour, onward,
                   start):  # fmt: skip
    """The change of waiting with the job started then behind row k; exact without breaks and with
    one window a job."""
    n, needed = routes[v, t.LENGTH], work[job, v]
    ends = cents[v, t.ENDS]
    arrived = ends if k == n else stops[v, k + 1, t.START] - stops[v, k + 1, t.SLACK]
    delay = max(0, start + needed + onward - arrived - stops[v, k + 1, t.WAITS])
    grown = detour + needed
    if routes[v, t.IS_LATE] and not jobs[job, t.TIMED]:
        bound = stops[v, k + 1, t.LATEST]
        latest = last_start(jobs, windows, job, bound - onward - needed)
        leave = latest - (grown - onward - needed + stops[v, k, t.EDGE])
        earlier = max(0, bound - stops[v, k, t.EDGE] - leave - stops[v, k, t.YIELDS])
        departure = stops[v, 0, t.LATEST]
        spare = ends - departure - routes[v, t.SECONDS] - routes[v, t.WORKED]
        return max(0, spare + delay + earlier - grown) - max(0, spare)
    if k == 0 and not shifts[v, t.IS_USED]:
        to = detour - onward + stops[v, 0, t.EDGE]
        departed = stops[v, 1, t.START] - stops[v, 0, t.EDGE]
        return delay - (start - to - departed) - grown
    return delay - grown
