"""Compiled: the pass of a depot: with a job that needs it, moved where it is cheapest, given up."""

from __future__ import annotations

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import compiled, inlined
from optimizer.annealing.gaps import has_room, try_gap
from optimizer.annealing.stock import has_supplies
from optimizer.annealing.times import refresh


@inlined
def put_in(stops, routes, v, k, job):
    """Write the job behind row k; the rest of the route is stale."""
    n = routes[v, t.LENGTH]
    for p in range(n, k, -1):
        stops[v, p + 1, t.JOB] = stops[v, p, t.JOB]
    stops[v, k + 1, t.JOB] = job
    routes[v, t.LENGTH] = n + 1


@inlined
def take_out(stops, routes, v, row):
    """Drop that row; the rest of the route is stale."""
    n = routes[v, t.LENGTH]
    for p in range(row, n):
        stops[v, p, t.JOB] = stops[v, p + 1, t.JOB]
    routes[v, t.LENGTH] = n - 1


@inlined
def detour_of(trips, jobs, shifts, stops, routes, v, row, place):
    """Seconds from row to row by that place instead of straight on, from the jobs alone."""
    here = jobs[stops[v, row, t.JOB], t.PLACE] if row > 0 else shifts[v, t.ORIGIN]
    last = row == routes[v, t.LENGTH]
    there = shifts[v, t.END_PLACE] if last else jobs[stops[v, row + 1, t.JOB], t.PLACE]
    if there < 0:
        return trips[here, place]
    return trips[here, place] + trips[place, there] - trips[here, there]


@inlined
def could_fetch(jobs, needs, shifts, seats, routes, store, v, stop, job):
    """Whether that pass, made before it, brings all that the job lacks in route v."""
    if seats[stop, v] >= t.FORBIDDEN:
        return False
    depot = len(store) - len(jobs) + stop
    first = jobs[job, t.FIRST_NEED]
    for need in range(first, first + jobs[job, t.NEEDS]):
        item = needs[need, 0]
        if store[depot, item] == 0 and needs[need, 1] > store[v, item]:
            return False
    return True


@compiled
def try_with_pass(facts, plan, v, job, best):
    """The cheapest place in route v with a pass before it: (cents, row before the job, pass, row
    before the pass); rows of the job count the pass. The pass is -1 when nothing is below."""
    trips, jobs, seats = facts[t.TRIPS], facts[t.JOBS], facts[t.SEATS]
    shifts, rates, needs = facts[t.SHIFTS], facts[t.RATES], facts[t.NEED_LIST]
    stops, routes, cents, store = plan[t.STOPS], plan[t.ROUTES], plan[t.CENTS], plan[t.STORE]
    best_k, best_stop, best_row = -1, -1, -1
    if routes[v, t.PASS] > 0 or not has_room(jobs, shifts, stops, routes, v, job):
        return best, best_k, best_stop, best_row
    if has_supplies(jobs, needs, routes, store, v, 0, job):
        return best, best_k, best_stop, best_row
    n, before = routes[v, t.LENGTH], cents[v, t.COST]
    least = seats[job, v] - cents[v, t.SPARE]
    changed = False
    for stop in range(len(jobs) - (len(store) - 2 * len(shifts)), len(jobs)):
        if not could_fetch(jobs, needs, shifts, seats, routes, store, v, stop, job):
            continue
        for row in range(n + 1):
            detour = detour_of(trips, jobs, shifts, stops, routes, v, row, jobs[stop, t.PLACE])
            if n > 0 and detour * rates[v, t.TRAVEL_RATE] + least + seats[stop, v] >= best:
                continue
            put_in(stops, routes, v, row, stop)
            changed = True
            if refresh(*facts, *plan, v):
                more = cents[v, t.COST] - before
                for k in range(row + 1, n + 2):
                    money = more + try_gap(*facts, *plan, v, k, job, best - more)
                    if money < best:
                        best, best_k, best_stop, best_row = money, k, stop, row
            take_out(stops, routes, v, row + 1)
    if changed:
        refresh(*facts, *plan, v)
    return best, best_k, best_stop, best_row


@compiled
def settle_pass(facts, plan, v):
    """Give up the pass of route v when nothing needs it, else move it where it is cheapest."""
    jobs, seats, shifts = facts[t.JOBS], facts[t.SEATS], facts[t.SHIFTS]
    stops, routes, cents, store = plan[t.STOPS], plan[t.ROUTES], plan[t.CENTS], plan[t.STORE]
    row = routes[v, t.PASS]
    if row == 0:
        return
    best_stop, best_row, best = stops[v, row, t.JOB], row - 1, t.FORBIDDEN
    take_out(stops, routes, v, row)
    if refresh(*facts, *plan, v):
        return
    for stop in range(len(jobs) - (len(store) - 2 * len(shifts)), len(jobs)):
        if seats[stop, v] >= t.FORBIDDEN:
            continue
        for k in range(routes[v, t.LENGTH]):
            put_in(stops, routes, v, k, stop)
            if refresh(*facts, *plan, v) and cents[v, t.COST] < best:
                best, best_stop, best_row = cents[v, t.COST], stop, k
            take_out(stops, routes, v, k + 1)
    put_in(stops, routes, v, best_row, best_stop)
    refresh(*facts, *plan, v)
