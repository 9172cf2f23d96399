"""Compiled: whether one more job fits between two stops, and what that costs."""

from __future__ import annotations

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import inlined
from optimizer.annealing.starts import next_start, price_at
from optimizer.annealing.stock import has_supplies
from optimizer.annealing.times import leave_by, ride_to
from optimizer.annealing.waiting import waiting_in_gap
from optimizer.time_price import NEVER


@inlined
def start_around_break(jobs, windows, free, free_after, latest, latest_after, earliest, last,
                       pause, job, to, onward, needed):  # fmt: skip
    """As `start_in_gap` for a shift with one break, which is most of them."""
    rested = free_after + to
    if free <= last:
        rested = min(rested, max(free + to, earliest) + pause)
    if free < NEVER:
        start = next_start(jobs, windows, job, free + to)
        done = start + needed
        if done + onward <= latest:
            return start
        if done <= last and max(done + onward, earliest) + pause <= latest_after:
            return start
    start = next_start(jobs, windows, job, rested)
    return start if start + needed + onward <= latest_after else NEVER


@inlined
def start_in_gap(jobs, windows, breaks, first, count, stops, v, before, behind, job, to, onward,
                 needed):  # fmt: skip
    """The earliest start of the job between two rows of a route; NEVER when it does not fit."""
    late = t.LABELS + (stops.shape[2] - t.LABELS) // 2
    if count == 0:
        start = next_start(jobs, windows, job, stops[v, before, t.LABELS] + to)
        if start + needed + onward <= stops[v, behind, late]:
            return start
        return NEVER
    if count == 1:
        return start_around_break(jobs, windows, stops[v, before, t.LABELS],
                                  stops[v, before, t.LABELS + 1], stops[v, behind, late],
                                  stops[v, behind, late + 1], breaks[first, 0], breaks[first, 1],
                                  breaks[first, 2], job, to, onward, needed)  # fmt: skip
    best = NEVER
    for b in range(count + 1):
        arrival = ride_to(stops, v, before, to, breaks, first, b)
        if arrival >= best:
            continue
        start = next_start(jobs, windows, job, arrival)
        if start >= best:
            continue
        if start + needed <= leave_by(stops, v, behind, late, onward, breaks, first, count, b):
            best = start
    return best


@inlined
def delta_in_gap(jobs, prices, seats, work, windows, shifts, rates, stops, routes, cents, v, k,
                 job, detour, onward, start):  # fmt: skip
    """The change of cost with the job started then behind row k; what follows is estimated."""
    needed = work[job, v]
    money = detour * rates[v, t.TRAVEL_RATE] + seats[job, v]
    pay = cents[v, t.PAY]
    if routes[v, t.LENGTH] == 0 and not shifts[v, t.IS_USED]:
        money += rates[v, t.FIXED]
        pay = rates[v, t.FIXED_PAY]
    if rates[v, t.LEAST_PAY] > 0.0:
        earned = pay + rates[v, t.JOB_PAY] + needed * rates[v, t.SECOND_PAY]
        money += max(0.0, rates[v, t.LEAST_PAY] - earned) - cents[v, t.TOP_UP]
    if jobs[job, t.TIMED]:
        money += price_at(prices, v, job, start)
    n = routes[v, t.LENGTH]
    if rates[v, t.WAITING_RATE] > 0.0 and (n > 0 or shifts[v, t.IS_USED]):
        waited = waiting_in_gap(jobs, work, windows, shifts, stops, routes, cents, v, k, job,
                                detour, onward, start)  # fmt: skip
        money += waited * rates[v, t.WAITING_RATE]
    if routes[v, t.IS_TIMED] and n > 0:
        left = stops[v, k, t.START] + work[stops[v, k, t.JOB], v] if k > 0 else shifts[v, t.READY]
        behind = start + needed + onward - left - stops[v, k, t.EDGE]
        if k == 0 and not shifts[v, t.IS_USED]:
            behind = start + needed + onward - stops[v, 1, t.START] + stops[v, 1, t.SLACK]
        for p in range(k + 1, n + 1):
            behind -= stops[v, p, t.SLACK]
            if behind <= 0:
                break
            other = stops[v, p, t.JOB]
            if jobs[other, t.TIMED]:
                moved = stops[v, p, t.START]
                money += price_at(prices, v, other, moved + behind)
                money -= price_at(prices, v, other, moved)
        if behind > 0 and rates[v, t.OVERTIME_RATE] > 0.0:
            end = cents[v, t.ENDS]
            over = max(0.0, end + behind - shifts[v, t.REGULAR_END])
            money += (over - max(0.0, end - shifts[v, t.REGULAR_END])) * rates[v, t.OVERTIME_RATE]
    return money


@inlined
def try_gap(trips, back, jobs, prices, seats, work, windows, shifts, rates, breaks, needs,
            stops, routes, cents, where, store, v, k, job, best):  # fmt: skip
    """The change of cost with the job behind row k of route v; FORBIDDEN when not below."""
    if jobs[job, t.NEEDS] > 0 and not has_supplies(jobs, needs, routes, store, v, k, job):
        return t.FORBIDDEN
    place = jobs[job, t.PLACE]
    to = back[place, stops[v, k, t.AT]]
    if stops[v, k, t.SOONEST] + to > jobs[job, t.CLOSES]:
        return t.FORBIDDEN
    onward = trips[place, stops[v, k + 1, t.AT]] if stops[v, k + 1, t.AT] >= 0 else 0
    needed = work[job, v]
    if jobs[job, t.OPENS] + needed + onward > stops[v, k + 1, t.LATEST]:
        return t.FORBIDDEN
    detour = to + onward - stops[v, k, t.EDGE]
    if detour * rates[v, t.TRAVEL_RATE] + seats[job, v] - cents[v, t.SPARE] >= best:
        return t.FORBIDDEN
    travel = routes[v, t.SECONDS] + detour
    if travel > shifts[v, t.MOST_TRAVEL]:
        return t.FORBIDDEN
    if travel + routes[v, t.WORKED] + needed > shifts[v, t.MOST_WORK]:
        return t.FORBIDDEN
    start = start_in_gap(jobs, windows, breaks, shifts[v, t.FIRST_BREAK], shifts[v, t.BREAKS],
                         stops, v, k, k + 1, job, to, onward, needed)  # fmt: skip
    if start >= NEVER:
        return t.FORBIDDEN
    money = delta_in_gap(jobs, prices, seats, work, windows, shifts, rates, stops, routes, cents,
                         v, k, job, detour, onward, start)  # fmt: skip
    return money if money < best else t.FORBIDDEN


@inlined
def try_swap(trips, back, jobs, prices, seats, work, windows, shifts, rates, breaks, needs,
             stops, routes, cents, where, store, v, k, job, best):  # fmt: skip
    """The change of cost with the job in place of row k's; FORBIDDEN when not below."""
    other = stops[v, k, t.JOB]
    place = jobs[job, t.PLACE]
    to = back[place, stops[v, k - 1, t.AT]]
    if stops[v, k - 1, t.SOONEST] + to > jobs[job, t.CLOSES]:
        return t.FORBIDDEN
    onward = trips[place, stops[v, k + 1, t.AT]] if stops[v, k + 1, t.AT] >= 0 else 0
    detour = to + onward - stops[v, k - 1, t.EDGE] - stops[v, k, t.EDGE]
    money = detour * rates[v, t.TRAVEL_RATE] + seats[job, v] - seats[other, v]
    travel = routes[v, t.SECONDS] + detour
    if money >= best or travel > shifts[v, t.MOST_TRAVEL]:
        return t.FORBIDDEN
    worked = routes[v, t.WORKED] + work[job, v] - work[other, v]
    if travel + worked > shifts[v, t.MOST_WORK]:
        return t.FORBIDDEN
    start = start_in_gap(jobs, windows, breaks, shifts[v, t.FIRST_BREAK], shifts[v, t.BREAKS],
                         stops, v, k - 1, k + 1, job, to, onward, work[job, v])  # fmt: skip
    if start >= NEVER:
        return t.FORBIDDEN
    if jobs[job, t.TIMED]:
        money += price_at(prices, v, job, start)
    return money if money < best else t.FORBIDDEN


@inlined
def has_room(jobs, shifts, stops, routes, v, job):
    n = routes[v, t.LENGTH]
    return (
        n < shifts[v, t.ROOM] + (routes[v, t.PASS] > 0)
        and n + 4 < stops.shape[1]
        and routes[v, t.CARRIED] + jobs[job, t.LOAD] <= shifts[v, t.CAPACITY]
    )


@inlined
def is_twin_tried(shifts, routes, tried, v, mark):
    """Whether an unused shift like v was tried under this mark; marks it."""
    if routes[v, t.LENGTH] > 0 or shifts[v, t.IS_USED]:
        return False
    twin = shifts[v, t.TWIN]
    if tried[twin] == mark:
        return True
    tried[twin] = mark
    return False
