"""Compiled: when a route happens and what it costs.

The same rules as `timing` and `pricing`, over the arrays of `tables`; tests compare the two.
"""

from __future__ import annotations

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import compiled, inlined
from optimizer.annealing.starts import last_start, next_start, price_at
from optimizer.annealing.stock import take_stock
from optimizer.annealing.waiting import depart_late, note_waits
from optimizer.time_price import NEVER


@inlined
def ride_to(stops, v, k, trip, breaks, first, after):
    """The earliest arrival behind row k with `after` breaks taken, by the labels of that row."""
    best = stops[v, k, t.LABELS + after]
    best = best + trip if best < NEVER else NEVER
    for before in range(after - 1, -1, -1):
        free = stops[v, k, t.LABELS + before]
        if free >= NEVER:
            continue
        arrival = free + trip
        for b in range(before, after):
            earliest = breaks[first + b, 0]
            begin = max(free, earliest)
            if begin > breaks[first + b, 1]:
                arrival = NEVER
                break
            free = begin + breaks[first + b, 2]
            arrival = max(arrival, earliest) + breaks[first + b, 2]
        best = min(best, arrival)
    return best


@inlined
def leave_by(stops, v, k, late, trip, breaks, first, count, before):
    """The latest leaving for row k with `before` breaks taken, by the latest arrivals there."""
    best = stops[v, k, late + before]
    best = best - trip if best > -NEVER else -NEVER
    for after in range(before + 1, count + 1):
        arrival = stops[v, k, late + after]
        if arrival <= -NEVER:
            continue
        bound = arrival - trip
        for b in range(after - 1, before - 1, -1):
            arrival -= breaks[first + b, 2]
            if breaks[first + b, 0] > arrival:
                bound = -NEVER
                break
            bound = min(bound - breaks[first + b, 2], breaks[first + b, 1])
        best = max(best, bound)
    return best


@inlined
def label_forwards(trips, jobs, work, windows, shifts, breaks, stops, routes, where, v):
    """Write the places, trips and earliest leaving times; whether every stop can be reached."""
    n, count, first = routes[v, t.LENGTH], shifts[v, t.BREAKS], shifts[v, t.FIRST_BREAK]
    possible = True
    place = shifts[v, t.ORIGIN]
    stops[v, 0, t.AT] = place
    stops[v, 0, t.SOONEST] = shifts[v, t.READY]
    for b in range(count + 1):
        stops[v, 0, t.LABELS + b] = NEVER
    stops[v, 0, t.LABELS + shifts[v, t.BREAKS_PAST]] = shifts[v, t.READY]
    for k in range(1, n + 1):
        job = stops[v, k, t.JOB]
        where[job, 0] = v
        where[job, 1] = k
        stops[v, k, t.AT] = jobs[job, t.PLACE]
        trip = trips[place, jobs[job, t.PLACE]]
        stops[v, k - 1, t.EDGE] = trip
        place = jobs[job, t.PLACE]
        soonest = NEVER
        for b in range(count + 1):
            time = ride_to(stops, v, k - 1, trip, breaks, first, b)
            time = next_start(jobs, windows, job, time) if time < NEVER else NEVER
            time = time + work[job, v] if time < NEVER else NEVER
            stops[v, k, t.LABELS + b] = time
            soonest = min(soonest, time)
        stops[v, k, t.SOONEST] = soonest
        if soonest >= NEVER:
            possible = False
    end = shifts[v, t.END_PLACE]
    stops[v, n + 1, t.AT] = end
    goes_home = end >= 0 and (n > 0 or shifts[v, t.IS_USED])
    stops[v, n, t.EDGE] = trips[place, end] if goes_home else 0
    return possible


@inlined
def label_backwards(jobs, work, windows, shifts, breaks, stops, routes, v):
    """Write the latest arrivals that leave the rest of the route possible."""
    n, count, first = routes[v, t.LENGTH], shifts[v, t.BREAKS], shifts[v, t.FIRST_BREAK]
    late = t.LABELS + (stops.shape[2] - t.LABELS) // 2
    for b in range(count + 1):
        stops[v, n + 1, late + b] = -NEVER
    stops[v, n + 1, late + count] = shifts[v, t.LATEST_END]
    stops[v, n + 1, t.LATEST] = shifts[v, t.LATEST_END]
    for k in range(n, -1, -1):
        latest = -NEVER
        for b in range(count + 1):
            time = leave_by(stops, v, k + 1, late, stops[v, k, t.EDGE], breaks, first, count, b)
            if k > 0 and time > -NEVER:
                job = stops[v, k, t.JOB]
                time = last_start(jobs, windows, job, time - work[job, v])
            stops[v, k, late + b] = time
            latest = max(latest, time)
        stops[v, k, t.LATEST] = latest


@compiled
def refresh(trips, back, jobs, prices, seats, work, windows, shifts, rates, breaks, needs,
            stops, routes, cents, where, store, v):  # fmt: skip
    """Work out the times and the price of route v from its jobs; whether it can be done.

    `stops[v, 1..n, JOB]` and the length are given, all else is derived.
    """
    n = routes[v, t.LENGTH]
    possible = label_forwards(trips, jobs, work, windows, shifts, breaks, stops, routes, where, v)
    label_backwards(jobs, work, windows, shifts, breaks, stops, routes, v)
    seconds, load, timed = shifts[v, t.FIXED_TRAVEL] + stops[v, n, t.EDGE], 0, False
    money, pay, worked = 0.0, rates[v, t.FIXED_PAY], 0
    for k in range(1, n + 1):
        job = stops[v, k, t.JOB]
        seconds += stops[v, k - 1, t.EDGE]
        load += jobs[job, t.LOAD]
        money += seats[job, v]
        worked += work[job, v]
        pay += rates[v, t.JOB_PAY] + work[job, v] * rates[v, t.SECOND_PAY]
        if jobs[job, t.TIMED]:
            timed = True
    routes[v, t.SECONDS] = seconds
    routes[v, t.CARRIED] = load
    routes[v, t.WORKED] = worked
    room = shifts[v, t.ROOM]
    if len(needs) > 0 or len(store) > 2 * len(shifts):
        possible = take_stock(jobs, needs, shifts, stops, routes, store, v) and possible
        if routes[v, t.PASS] > 0:
            pay -= rates[v, t.JOB_PAY]
            room += 1
    if n > 0:
        in_time = stops[v, 0, t.LATEST] >= shifts[v, t.READY]
        within = seconds <= shifts[v, t.MOST_TRAVEL] and load <= shifts[v, t.CAPACITY]
        within = within and seconds + worked <= shifts[v, t.MOST_WORK]
        possible = possible and in_time and within and n <= room
    if not possible:
        cents[v, t.COST] = t.FORBIDDEN
        return False
    return charge(jobs, prices, work, windows, shifts, rates, breaks, stops, routes, cents, v,
                  money, pay, timed)  # fmt: skip


@compiled
def charge(jobs, prices, work, windows, shifts, rates, breaks, stops, routes, cents, v,
           money, pay, timed):  # fmt: skip
    """The price of a route whose labels are known."""
    n, count, first = routes[v, t.LENGTH], shifts[v, t.BREAKS], shifts[v, t.FIRST_BREAK]
    if n == 0 and not shifts[v, t.IS_USED]:
        cents[v, t.COST] = 0.0
        cents[v, t.PAY] = 0.0
        cents[v, t.TOP_UP] = 0.0
        cents[v, t.SPARE] = 0.0
        routes[v, t.IS_TIMED] = 0
        return True
    end, taken = NEVER, 0
    if n == 0:
        end = shifts[v, t.READY] + stops[v, 0, t.EDGE]
        taken = shifts[v, t.BREAKS_PAST]
    else:
        for b in range(count + 1):
            time = ride_to(stops, v, n, stops[v, n, t.EDGE], breaks, first, b)
            if time < end and can_follow(breaks, first, count, b, time, shifts[v, t.LATEST_END]):
                end, taken = time, b
        if end > shifts[v, t.LATEST_END]:
            cents[v, t.COST] = t.FORBIDDEN
            return False
    money += rates[v, t.FIXED] + routes[v, t.SECONDS] * rates[v, t.TRAVEL_RATE]
    over = max(0, end - shifts[v, t.REGULAR_END]) * rates[v, t.OVERTIME_RATE]
    money += over
    top = max(0.0, rates[v, t.LEAST_PAY] - pay)
    money += top
    cents[v, t.PAY] = pay
    cents[v, t.TOP_UP] = top
    cents[v, t.SPARE] = top
    cents[v, t.ENDS] = end
    routes[v, t.IS_LATE] = shifts[v, t.DEPARTS_LATE] and not timed
    is_timed = timed or rates[v, t.OVERTIME_RATE] > 0.0 or rates[v, t.WAITING_RATE] > 0.0
    routes[v, t.IS_TIMED] = is_timed
    if is_timed:
        money += trace(jobs, prices, work, windows, shifts, rates, breaks, stops, routes, v,
                       end, taken)  # fmt: skip
        if rates[v, t.WAITING_RATE] > 0.0:
            if routes[v, t.IS_LATE]:
                depart_late(jobs, work, windows, shifts, breaks, stops, routes, v, end)
            note_waits(work, stops, routes, v)
            waited = routes[v, t.IDLE] * rates[v, t.WAITING_RATE]
            money += waited
            cents[v, t.SPARE] += waited
    cents[v, t.COST] = money
    return True


@compiled
def can_follow(breaks, first, count, taken, free, latest_end):
    """Whether the breaks not yet taken fit behind the route, within the shift."""
    for b in range(taken, count):
        begin = max(free, breaks[first + b, 0])
        free = begin + breaks[first + b, 2]
        if begin > breaks[first + b, 1] or free > latest_end:
            return False
    return True


@compiled
def came_from(stops, v, k, trip, breaks, first, after, arrival):
    """How many breaks were taken before the trip to row k that arrives then with `after`."""
    for before in range(after + 1):
        free = stops[v, k - 1, t.LABELS + before]
        if free >= NEVER:
            continue
        time = free + trip
        for b in range(before, after):
            earliest = breaks[first + b, 0]
            begin = max(free, earliest)
            if begin > breaks[first + b, 1]:
                time = NEVER
                break
            free = begin + breaks[first + b, 2]
            time = max(time, earliest) + breaks[first + b, 2]
        if time == arrival:
            return before
    return after


@compiled
def trace(jobs, prices, work, windows, shifts, rates, breaks, stops, routes, v, end, taken):
    """Write each start, its slack and the waiting, from the end backwards; the price of starts."""
    n, first = routes[v, t.LENGTH], shifts[v, t.FIRST_BREAK]
    money = 0.0
    idle = shifts[v, t.FIXED_IDLE]
    after = taken
    behind = end
    for k in range(n + 1, 0, -1):
        stops[v, k, t.TAKEN] = after
        trip = stops[v, k - 1, t.EDGE]
        arrival = end
        if k <= n:
            arrival = ride_to(stops, v, k - 1, trip, breaks, first, after)
            job = stops[v, k, t.JOB]
            start = next_start(jobs, windows, job, arrival)
            stops[v, k, t.START] = start
            stops[v, k, t.SLACK] = start - arrival
            if jobs[job, t.TIMED]:
                money += price_at(prices, v, job, start)
            behind = start
        before = after if n == 0 else came_from(stops, v, k, trip, breaks, first, after, arrival)
        if rates[v, t.WAITING_RATE] > 0.0 and (k > 1 or shifts[v, t.IS_USED]):
            free = stops[v, k - 1, t.LABELS + before] if k > 1 else shifts[v, t.READY]
            pauses = 0
            for b in range(before, after):
                pauses += breaks[first + b, 2]
            idle += max(0, behind - free - trip - pauses)
        after = before
    stops[v, 0, t.TAKEN] = after
    routes[v, t.IDLE] = idle
    return money
