"""Compiled: every place for one job as its table row now stands, and the starts of one route."""

from __future__ import annotations

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import compiled
from optimizer.annealing.gaps import has_room, start_in_gap, try_gap
from optimizer.annealing.times import can_follow, ride_to, trace
from optimizer.time_price import NEVER

SHIFT, ROW, START = range(3)


@compiled
def list_gaps(facts, plan, job, places, money):
    """Fill `places` (shift, row before, earliest start) and `money` (cents); how many there are."""
    trips, back, jobs, seats = facts[t.TRIPS], facts[t.BACK], facts[t.JOBS], facts[t.SEATS]
    windows, breaks, shifts = facts[t.WINDOW_BOUNDS], facts[t.BREAK_BOUNDS], facts[t.SHIFTS]
    work, stops, routes = facts[t.WORK], plan[t.STOPS], plan[t.ROUTES]
    place, found = jobs[job, t.PLACE], 0
    for v in range(len(shifts)):
        if seats[job, v] >= t.FORBIDDEN or not has_room(jobs, shifts, stops, routes, v, job):
            continue
        for k in range(routes[v, t.LENGTH] + 1):
            cents = try_gap(*facts, *plan, v, k, job, t.FORBIDDEN)
            if cents >= t.FORBIDDEN or found >= len(places):
                continue
            to = back[place, stops[v, k, t.AT]]
            onward = trips[place, stops[v, k + 1, t.AT]] if stops[v, k + 1, t.AT] >= 0 else 0
            places[found, SHIFT] = v
            places[found, ROW] = k
            places[found, START] = start_in_gap(
                jobs, windows, breaks, shifts[v, t.FIRST_BREAK], shifts[v, t.BREAKS], stops,
                v, k, k + 1, job, to, onward, work[job, v],
            )  # fmt: skip
            money[found] = cents
            found += 1
    return found


@compiled
def time_stops(trips, back, jobs, prices, seats, work, windows, shifts, rates, breaks, needs,
               stops, routes, cents, where, store, v):  # fmt: skip
    """Write the start of every stop of route v, which is up to date."""
    n, count, first = routes[v, t.LENGTH], shifts[v, t.BREAKS], shifts[v, t.FIRST_BREAK]
    end, taken = NEVER, 0
    for b in range(count + 1):
        time = ride_to(stops, v, n, stops[v, n, t.EDGE], breaks, first, b)
        if time < end and can_follow(breaks, first, count, b, time, shifts[v, t.LATEST_END]):
            end, taken = time, b
    trace(jobs, prices, work, windows, shifts, rates, breaks, stops, routes, v, end, taken)


@compiled
def take_out(trips, back, jobs, prices, seats, work, windows, shifts, rates, breaks, needs,
             stops, routes, cents, where, store, v, job):  # fmt: skip
    """Close the gap that the job leaves in route v; the route is not refreshed."""
    kept = 0
    for k in range(1, routes[v, t.LENGTH] + 1):
        if stops[v, k, t.JOB] != job:
            kept += 1
            stops[v, kept, t.JOB] = stops[v, k, t.JOB]
    routes[v, t.LENGTH] = kept
    where[job, 0] = -1
