"""Compiled: the pass of a depot: with a job that needs it, moved where it is cheapest, given up."""

from __future__ import annotations

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import compiled, inlined
from optimizer.annealing.gaps import has_room, try_gap
from optimizer.annealing.stock import has_supplies, lacks_behind
from optimizer.annealing.times import refresh
from optimizer.time_price import NEVER


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
def detour_of(trips, jobs, shifts, stops, routes, v, row, place, then):
    """Seconds from row to row by those two places instead of straight on, from the jobs alone."""
    here = jobs[stops[v, row, t.JOB], t.PLACE] if row > 0 else shifts[v, t.ORIGIN]
    last = row == routes[v, t.LENGTH]
    there = shifts[v, t.END_PLACE] if last else jobs[stops[v, row + 1, t.JOB], t.PLACE]
    if there < 0:
        return trips[here, place] + trips[place, then]
    return trips[here, place] + trips[place, then] + trips[then, there] - trips[here, there]


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


@inlined
def is_too_late(trips, stops, v, row, place):
    """Whether a detour by that place behind the row leaves no time for the rest."""
    return (
        stops[v, row, t.SOONEST] + trips[stops[v, row, t.AT], place] > stops[v, row + 1, t.LATEST]
    )


@inlined
def foresee(trips, jobs, shifts, stops, routes, v, depot, job):
    """Write for each row the least detour with the depot behind it and the job behind that."""
    place, later = jobs[job, t.PLACE], NEVER
    for row in range(routes[v, t.LENGTH], -1, -1):
        both = detour_of(trips, jobs, shifts, stops, routes, v, row, depot, place)
        apart = detour_of(trips, jobs, shifts, stops, routes, v, row, depot, depot) + later
        late = is_too_late(trips, stops, v, row, depot)
        stops[v, row, t.FORESEEN] = NEVER if late else min(both, apart)
        alone = detour_of(trips, jobs, shifts, stops, routes, v, row, place, place)
        later = min(later, alone)


@inlined
def take_least(stops, v, last):
    """The row up to `last` with the least detour foreseen, which is taken off, and that detour."""
    row = 0
    for k in range(1, last + 1):
        if stops[v, k, t.FORESEEN] < stops[v, row, t.FORESEEN]:
            row = k
    detour = stops[v, row, t.FORESEEN]
    stops[v, row, t.FORESEEN] = NEVER
    return row, detour


@compiled
def try_with_pass(facts, plan, v, job, best):
    """The cheapest place in route v behind a pass that is new or made earlier than now: (cents,
    row before the job, pass, row before the pass), where rows of the job count the pass, and all
    are of the route without the pass it has. The pass is -1 when nothing is below."""
    trips, jobs, seats = facts[t.TRIPS], facts[t.JOBS], facts[t.SEATS]
    shifts, rates, needs = facts[t.SHIFTS], facts[t.RATES], facts[t.NEED_LIST]
    stops, routes, cents, store = plan[t.STOPS], plan[t.ROUTES], plan[t.CENTS], plan[t.STORE]
    best_k, best_stop, best_row = -1, -1, -1
    if not has_room(jobs, shifts, stops, routes, v, job):
        return best, best_k, best_stop, best_row
    if has_supplies(jobs, needs, routes, store, v, 0, job):
        return best, best_k, best_stop, best_row
    before, seconds = cents[v, t.COST], routes[v, t.SECONDS]
    least = seats[job, v] - cents[v, t.SPARE]
    old, own = routes[v, t.PASS], stops[v, routes[v, t.PASS], t.JOB]
    last = routes[v, t.LENGTH]
    if old > 0:
        done = jobs[job, t.OPENS] + facts[t.WORK][job, v]
        if old == 1 or done > stops[v, old + 1, t.LATEST]:
            return best, best_k, best_stop, best_row
        least -= seats[own, v]
        last = old - 2
        take_out(stops, routes, v, old)
        refresh(*facts, *plan, v)
    n = routes[v, t.LENGTH]
    least += (routes[v, t.SECONDS] - seconds) * rates[v, t.TRAVEL_RATE]
    changed = False
    for stop in range(len(jobs) - (len(store) - 2 * len(shifts)), len(jobs)):
        if not could_fetch(jobs, needs, shifts, seats, routes, store, v, stop, job):
            continue
        if changed:
            refresh(*facts, *plan, v)
            changed = False
        foresee(trips, jobs, shifts, stops, routes, v, jobs[stop, t.PLACE], job)
        for _ in range(last + 1):
            row, detour = take_least(stops, v, last)
            if detour >= NEVER:
                break
            if n > 0 and detour * rates[v, t.TRAVEL_RATE] + least + seats[stop, v] >= best:
                break
            put_in(stops, routes, v, row, stop)
            changed = True
            if refresh(*facts, *plan, v):
                more = cents[v, t.COST] - before
                behind = n + 2 if old == 0 else old + 1
                for k in range(row + 1, behind):
                    # a pass that saves money does not make an impossible place possible
                    limit = min(best - more, t.FORBIDDEN)
                    money = try_gap(*facts, *plan, v, k, job, limit)
                    if money < limit:
                        best, best_k, best_stop, best_row = more + money, k, stop, row
            take_out(stops, routes, v, row + 1)
    if old > 0:
        put_in(stops, routes, v, old - 1, own)
    if changed or old > 0:
        refresh(*facts, *plan, v)
    return best, best_k, best_stop, best_row


@compiled
def make_pass(facts, plan, v, row, stop):
    """Make the pass that `try_with_pass` found, instead of the one that route v has."""
    stops, routes = plan[t.STOPS], plan[t.ROUTES]
    if routes[v, t.PASS] > 0:
        take_out(stops, routes, v, routes[v, t.PASS])
    put_in(stops, routes, v, row, stop)
    return refresh(*facts, *plan, v)


@compiled
def settle_pass(facts, plan, v):
    """Give up the pass of route v when nothing needs it, else move it where it is cheapest."""
    trips, jobs, seats = facts[t.TRIPS], facts[t.JOBS], facts[t.SEATS]
    shifts, rates, needs = facts[t.SHIFTS], facts[t.RATES], facts[t.NEED_LIST]
    stops, routes, cents, store = plan[t.STOPS], plan[t.ROUTES], plan[t.CENTS], plan[t.STORE]
    row = routes[v, t.PASS]
    if row == 0:
        return
    best_stop, best_row, best = stops[v, row, t.JOB], row - 1, t.FORBIDDEN
    take_out(stops, routes, v, row)
    if refresh(*facts, *plan, v):
        return
    last = lacks_behind(jobs, needs, shifts, stops, routes, store, v)
    least = rates[v, t.FIXED] + routes[v, t.SECONDS] * rates[v, t.TRAVEL_RATE]
    for k in range(1, routes[v, t.LENGTH] + 1):
        least += seats[stops[v, k, t.JOB], v]
    changed = False
    for stop in range(len(jobs) - (len(store) - 2 * len(shifts)), len(jobs)):
        if seats[stop, v] >= t.FORBIDDEN:
            continue
        if changed:
            refresh(*facts, *plan, v)
        depot = jobs[stop, t.PLACE]
        for k in range(last + 1):
            late = is_too_late(trips, stops, v, k, depot)
            detour = detour_of(trips, jobs, shifts, stops, routes, v, k, depot, depot)
            stops[v, k, t.FORESEEN] = NEVER if late else detour
        for _ in range(last + 1):
            k, detour = take_least(stops, v, last)
            if detour >= NEVER:
                break
            if least + detour * rates[v, t.TRAVEL_RATE] + seats[stop, v] >= best:
                break
            put_in(stops, routes, v, k, stop)
            changed = True
            if refresh(*facts, *plan, v) and cents[v, t.COST] < best:
                best, best_stop, best_row = cents[v, t.COST], stop, k
            take_out(stops, routes, v, k + 1)
    put_in(stops, routes, v, best_row, best_stop)
    refresh(*facts, *plan, v)
