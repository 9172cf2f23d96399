"""Compiled: the cheapest place for a job, near or anywhere."""

from __future__ import annotations

import numpy as np

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import compiled, inlined
from optimizer.annealing.gaps import has_room, is_twin_tried, try_gap, try_swap
from optimizer.annealing.passes import try_with_pass


@inlined
def draw(seed):
    """A number in [0, 1) by xorshift64*."""
    x = seed[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    seed[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


MOST_SHIFTS = 12
"""Of those with the same home, tried at their ends for one job; by chance, which."""


@inlined
def may_fetch(jobs, shifts, store, job):
    return jobs[job, t.NEEDS] > 0 and len(store) > 2 * len(shifts)


@compiled
def scan(facts, plan, job, blink, seed, candidates, count, tried, mark):
    """The cheapest place in the routes `candidates[:count]`: (cents, shift, row before), the pass
    of a depot that it takes and the row before that (-1: none)."""
    jobs, seats, shifts = facts[t.JOBS], facts[t.SEATS], facts[t.SHIFTS]
    stops, routes, cents = plan[t.STOPS], plan[t.ROUTES], plan[t.CENTS]
    best, best_v, best_k, stop, row = t.FORBIDDEN, -1, -1, -1, -1
    can_fetch = may_fetch(jobs, shifts, plan[t.STORE], job)
    for i in range(count):
        v = candidates[i]
        if seats[job, v] - cents[v, t.SPARE] >= best:
            continue
        if not has_room(jobs, shifts, stops, routes, v, job):
            continue
        if is_twin_tried(shifts, routes, tried, v, mark):
            continue
        for k in range(routes[v, t.LENGTH] + 1):
            money = try_gap(*facts, *plan, v, k, job, best)
            if money < best and (blink == 0.0 or draw(seed) >= blink):
                best, best_v, best_k, stop, row = money, v, k, -1, -1
        if can_fetch:
            money, k, fetched, before = try_with_pass(facts, plan, v, job, best)
            if fetched >= 0:
                best, best_v, best_k, stop, row = money, v, k, fetched, before
    return best, best_v, best_k, stop, row


@compiled
def at_the_ends(facts, plan, job, blink, seed, near_shifts, tried, mark, best):
    """The cheapest place below that, first or last in one of the near shifts, or anywhere behind
    a new pass."""
    jobs, shifts = facts[t.JOBS], facts[t.SHIFTS]
    stops, routes = plan[t.STOPS], plan[t.ROUTES]
    best_v, best_k, stop, row = -1, -1, -1, -1
    can_fetch = may_fetch(jobs, shifts, plan[t.STORE], job)
    count, first = near_shifts.shape[1], 0
    if count > MOST_SHIFTS:
        first = int(draw(seed) * count)
    for i in range(first, first + min(count, MOST_SHIFTS)):
        v = near_shifts[job, i if i < count else i - count]
        if v < 0:
            break
        if not has_room(jobs, shifts, stops, routes, v, job):
            continue
        if is_twin_tried(shifts, routes, tried, v, mark):
            continue
        n = routes[v, t.LENGTH]
        for k in range(0, n + 1, max(1, n)):
            money = try_gap(*facts, *plan, v, k, job, best)
            if money < best and draw(seed) >= blink:
                best, best_v, best_k, stop, row = money, v, k, -1, -1
        if can_fetch:
            money, k, fetched, before = try_with_pass(facts, plan, v, job, best)
            if fetched >= 0 and draw(seed) >= blink:
                best, best_v, best_k, stop, row = money, v, k, fetched, before
    return best, best_v, best_k, stop, row


@compiled
def look_near(facts, plan, job, blink, seed, near_jobs, near_shifts, tried, mark):
    """The cheapest place beside one of the near jobs, or first or last in a near shift."""
    jobs, seats, shifts = facts[t.JOBS], facts[t.SEATS], facts[t.SHIFTS]
    stops, routes, cents = plan[t.STOPS], plan[t.ROUTES], plan[t.CENTS]
    where = plan[t.WHERE]
    best, best_v, best_k = t.FORBIDDEN, -1, -1
    for i in range(near_jobs.shape[1]):
        other = near_jobs[job, i]
        v = where[other, 0]
        if v < 0 or seats[job, v] - cents[v, t.SPARE] >= best:
            continue
        if not has_room(jobs, shifts, stops, routes, v, job):
            continue
        k = where[other, 1]
        for gap in range(k - 1, k + 1):
            money = try_gap(*facts, *plan, v, gap, job, best)
            if money < best and draw(seed) >= blink:
                best, best_v, best_k = money, v, gap
    money, v, k, stop, row = at_the_ends(
        facts, plan, job, blink, seed, near_shifts, tried, mark, best
    )
    if v >= 0:
        return money, v, k, stop, row
    return best, best_v, best_k, -1, -1


@compiled
def look_to_eject(facts, plan, job, blink, seed, near_jobs):
    """The cheapest swap with a near job whose price of being left out is not higher."""
    jobs, prices, seats = facts[t.JOBS], facts[t.PRICES], facts[t.SEATS]
    shifts, routes, where = facts[t.SHIFTS], plan[t.ROUTES], plan[t.WHERE]
    best, best_v, best_k = t.FORBIDDEN, -1, -1
    own = prices[job, t.UNSERVED]
    for i in range(near_jobs.shape[1]):
        other = near_jobs[job, i]
        v = where[other, 0]
        if v < 0 or seats[job, v] >= t.FORBIDDEN or jobs[other, t.HELD]:
            continue
        price = prices[other, t.UNSERVED]
        if price > own or draw(seed) < blink:
            continue
        load = routes[v, t.CARRIED] + jobs[job, t.LOAD] - jobs[other, t.LOAD]
        if load > shifts[v, t.CAPACITY]:
            continue
        push = price * (0.5 + 0.5 * draw(seed))
        money = try_swap(*facts, *plan, v, where[other, 1], job, best - push) + push
        if money < best:
            best, best_v, best_k = money, v, where[other, 1]
    return best, best_v, best_k
