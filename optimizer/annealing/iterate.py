"""Compiled: iterations of ruin and recreate with simulated annealing.

After slack induction by string removals (Christiaens and Vanden Berghe, Transportation Science
54(2), 2020), with prizes for jobs, ejection of cheaper ones, and breaks. `facts`, `plan` and
`memory` are the tuples that `tables` names.
"""

from __future__ import annotations

import math

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import compiled
from optimizer.annealing.crossing import cross
from optimizer.annealing.passes import make_pass, settle_pass
from optimizer.annealing.places import draw, look_near, look_to_eject, scan
from optimizer.annealing.times import refresh
from optimizer.annealing.undoing import remember, undo

ANYWHERE, IN_TOUCHED, NEARBY = range(3)


@compiled
def sort_by_key(ranks, keys, count):
    """Shell sort of `ranks[:count]` by the key of each."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, count):
            rank = ranks[i]
            key = keys[rank]
            k = i
            while k >= gap and keys[ranks[k - gap]] > key:
                ranks[k] = ranks[k - gap]
                k -= gap
            ranks[k] = rank
        gap //= 3


@compiled
def put(facts, plan, v, k, job):
    """Insert the job behind row k; whether the route can be done so (else it stays as it was)."""
    stops, routes, where = plan[t.STOPS], plan[t.ROUTES], plan[t.WHERE]
    n = routes[v, t.LENGTH]
    for p in range(n, k, -1):
        stops[v, p + 1, t.JOB] = stops[v, p, t.JOB]
    stops[v, k + 1, t.JOB] = job
    routes[v, t.LENGTH] = n + 1
    if refresh(*facts, *plan, v):
        return True
    for p in range(k + 1, n + 1):
        stops[v, p, t.JOB] = stops[v, p + 1, t.JOB]
    routes[v, t.LENGTH] = n
    where[job, 0] = -1
    refresh(*facts, *plan, v)
    return False


@compiled
def best_place(facts, plan, memory, near_jobs, near_shifts, blink, job, how):
    """The cheapest place (see `scan`): anywhere, in the routes touched, or near and failing that
    anywhere."""
    seed, tried, counts = memory[t.SEED], memory[t.TRIED], memory[t.COUNTS]
    touched, everyone = memory[t.TOUCHED_ROUTES], memory[t.EVERYONE]
    counts[t.MARK] += 1
    mark = counts[t.MARK]
    if how == IN_TOUCHED:
        return scan(facts, plan, job, blink, seed, touched, counts[t.TOUCHED], tried, mark)
    if how == NEARBY:
        found = look_near(facts, plan, job, blink, seed, near_jobs, near_shifts, tried, mark)
        if found[1] >= 0:
            return found
        counts[t.MARK] += 1
        mark = counts[t.MARK]
    else:
        blink = 0.0
    return scan(facts, plan, job, blink, seed, everyone, len(everyone), tried, mark)


@compiled
def push_out(facts, plan, memory, near_jobs, blink, job):
    """Put the job in place of a cheaper one; the one pushed out, -1 when there is none."""
    stops, where = plan[t.STOPS], plan[t.WHERE]
    _, v, k = look_to_eject(facts, plan, job, blink, memory[t.SEED], near_jobs)
    if v < 0:
        return -1
    remember(plan, memory[t.SAVED_ROUTES], memory[t.TOUCHED_ROUTES], memory[t.COUNTS], v)
    other = stops[v, k, t.JOB]
    stops[v, k, t.JOB] = job
    if refresh(*facts, *plan, v):
        where[other, 0] = -1
        return other
    stops[v, k, t.JOB] = other
    where[job, 0] = -1
    refresh(*facts, *plan, v)
    return -1


@compiled
def queue_up(memory, orders, order, share):
    """Queue the jobs left out that are tried: all that came out just now and a share of the older
    ones, which otherwise stay. `queue[ranks[i]]` is the i-th in that order (see `chain`; the first
    is random). How many of them are older, how many there are, and how many stay left."""
    left, queue, ranks, keys = (
        memory[t.LEFT_JOBS],
        memory[t.QUEUE],
        memory[t.RANKS],
        memory[t.KEYS],
    )
    seed, counts = memory[t.SEED], memory[t.COUNTS]
    older, tried, kept = 0, 0, 0
    for i in range(counts[t.LEFT]):
        job = left[i]
        is_older = i < counts[t.LEFT_BEFORE]
        if is_older and draw(seed) > share:
            left[kept] = job
            kept += 1
            continue
        older += is_older
        queue[tried] = job
        keys[tried] = orders[order, job] + (draw(seed) if order == 0 else 1e-6 * draw(seed))
        ranks[tried] = tried
        tried += 1
    sort_by_key(ranks, keys, tried)
    return older, tried, kept


@compiled
def recreate(facts, plan, memory, orders, order, near_jobs, near_shifts, settings, is_full):
    """Put the jobs left out back, in that order, where that is cheaper than leaving them out; the
    change of what is paid for those left out."""
    prices, where = facts[t.PRICES], plan[t.WHERE]
    left, queue, ranks = memory[t.LEFT_JOBS], memory[t.QUEUE], memory[t.RANKS]
    counts, seed = memory[t.COUNTS], memory[t.SEED]
    share = 1.0 if is_full else settings[t.OLD_TRIED] / max(1, counts[t.LEFT_BEFORE])
    older, total, kept = queue_up(memory, orders, order, share)
    ejected, i, change = 0, 0, 0.0
    while i < total:
        job = queue[ranks[i]]
        is_older = ranks[i] < older
        i += 1
        how = ANYWHERE if is_full else IN_TOUCHED if is_older else NEARBY
        best, v, k, stop, row = best_place(
            facts, plan, memory, near_jobs, near_shifts, settings[t.BLINK], job, how
        )
        eject = settings[t.EJECT] * (0.1 if is_older else 1.0)
        if v >= 0 and best < prices[job, t.UNSERVED]:
            remember(plan, memory[t.SAVED_ROUTES], memory[t.TOUCHED_ROUTES], counts, v)
            if stop >= 0 and not make_pass(facts, plan, v, row, stop):
                k = -1
            if k >= 0 and put(facts, plan, v, k, job):
                change -= prices[job, t.UNSERVED]
                continue
            if stop >= 0:
                settle_pass(facts, plan, v)
        elif v < 0 and not is_full and ejected < t.MOST_EJECTED and draw(seed) < eject:
            other = push_out(facts, plan, memory, near_jobs, settings[t.BLINK], job)
            if other >= 0:
                queue[total] = other
                ranks[total] = total
                total += 1
                ejected += 1
                change += prices[other, t.UNSERVED] - prices[job, t.UNSERVED]
                continue
        left[kept] = job
        kept += 1
        where[job, 0] = -1
    counts[t.LEFT] = kept
    return change


@compiled
def ruin(facts, plan, memory, adjacent, movable, settings):
    """Take strings of stops out of routes around one job, or a split string with a part kept; what
    is paid for leaving out those taken."""
    stops, routes, where = plan[t.STOPS], plan[t.ROUTES], plan[t.WHERE]
    left, saved, touched, counts, seed = (
        memory[t.LEFT_JOBS],
        memory[t.SAVED_ROUTES],
        memory[t.TOUCHED_ROUTES],
        memory[t.COUNTS],
        memory[t.SEED],
    )
    jobs, prices, change = facts[t.JOBS], facts[t.PRICES], 0.0
    if counts[t.USED] == 0:
        return change
    mean = min(settings[t.STRING_LONGEST], counts[t.SERVED] / counts[t.USED])
    strings = int(draw(seed) * (4.0 * settings[t.STRING_MEAN] / (1.0 + mean) - 1.0) + 1.0)
    centre = movable[int(draw(seed) * len(movable))]
    if counts[t.LEFT] > 0 and draw(seed) < settings[t.CENTRE_ON_LEFT]:
        centre = left[int(draw(seed) * counts[t.LEFT])]
    taken = 0
    for a in range(adjacent.shape[1]):
        if taken >= strings:
            break
        job = adjacent[centre, a]
        v = where[job, 0]
        if v < 0 or routes[v, t.SAVED]:
            continue
        taken += 1
        remember(plan, saved, touched, counts, v)
        n = routes[v, t.LENGTH]
        length = min(n, int(draw(seed) * min(float(n), mean) + 1.0))
        spared = 0
        if 1 < length < n and draw(seed) < 0.5:
            spared = 1
            while length + spared < n and draw(seed) < 0.5:
                spared += 1
        whole = length + spared
        low = max(1, where[job, 1] - whole + 1)
        high = min(where[job, 1], n - whole + 1)
        first = min(high, low + int(draw(seed) * (high - low + 1)))
        keep_from = first + int(draw(seed) * (length + 1)) if spared else 0
        kept = 0
        for k in range(1, n + 1):
            other = stops[v, k, t.JOB]
            inside = first <= k < first + whole and not keep_from <= k < keep_from + spared
            if inside and not jobs[other, t.HELD]:
                left[counts[t.LEFT]] = other
                counts[t.LEFT] += 1
                where[other, 0] = -1
                change += prices[other, t.UNSERVED]
            else:
                kept += 1
                stops[v, kept, t.JOB] = other
        routes[v, t.LENGTH] = kept
        refresh(*facts, *plan, v)
        settle_pass(facts, plan, v)
    return change


@compiled
def accept(facts, plan, memory, best_routes, best_lengths):
    """Keep what this iteration made; note it when it is the best so far."""
    stops, routes = plan[t.STOPS], plan[t.ROUTES]
    saved, touched, counts, sums = (
        memory[t.SAVED_ROUTES],
        memory[t.TOUCHED_ROUTES],
        memory[t.COUNTS],
        memory[t.SUMS],
    )
    for i in range(counts[t.TOUCHED]):
        v = touched[i]
        n = routes[v, t.LENGTH]
        routes[v, t.SAVED] = 0
        routes[v, t.IS_NEW] = 1
        counts[t.SERVED] += n - saved[v, 0]
        counts[t.USED] += int(n > 0) - int(saved[v, 0] > 0)
    if sums[t.NOW] >= sums[t.BEST] - 1e-6:
        return
    sums[t.BEST] = sums[t.NOW]
    for v in range(len(routes)):
        if not routes[v, t.IS_NEW]:
            continue
        routes[v, t.IS_NEW] = 0
        n = routes[v, t.LENGTH]
        best_lengths[v] = n
        for k in range(n):
            best_routes[v, k] = stops[v, k + 1, t.JOB]


@compiled
def anneal(facts, plan, memory, orders, near_jobs, near_shifts, adjacent, movable,
           settings, best_routes, best_lengths, iterations, heat, cooling):  # fmt: skip
    """So many iterations of ruin and recreate, the heat times `cooling` after each."""
    cents = plan[t.CENTS]
    left, old_left, touched, counts, sums, seed = (
        memory[t.LEFT_JOBS],
        memory[t.OLD_LEFT],
        memory[t.TOUCHED_ROUTES],
        memory[t.COUNTS],
        memory[t.SUMS],
        memory[t.SEED],
    )
    for _ in range(iterations):
        counts[t.LEFT_BEFORE] = counts[t.LEFT]
        counts[t.TOUCHED] = 0
        change = 0.0
        for i in range(counts[t.LEFT]):
            old_left[i] = left[i]
        if draw(seed) < settings[t.CROSS]:
            if not cross(facts, plan, memory, near_jobs, near_shifts, movable):
                undo(facts, plan, memory)
                heat *= cooling
                continue
        else:
            change += ruin(facts, plan, memory, adjacent, movable, settings)
            order = int(draw(seed) * orders.shape[0])
            change += recreate(
                facts, plan, memory, orders, order, near_jobs, near_shifts, settings, False
            )
        for i in range(counts[t.TOUCHED]):
            v = touched[i]
            change += cents[v, t.COST] - cents[v, t.OLD_COST]
        if change < -heat * math.log(draw(seed) + 1e-300):
            sums[t.NOW] += change
            accept(facts, plan, memory, best_routes, best_lengths)
        else:
            undo(facts, plan, memory)
        heat *= cooling


@compiled
def fill(facts, plan, memory, orders, order, near_jobs, near_shifts, settings):
    """Greedy: each job left out, in that order, at its cheapest place anywhere; the cents saved."""
    routes, cents = plan[t.ROUTES], plan[t.CENTS]
    saved, touched, counts = memory[t.SAVED_ROUTES], memory[t.TOUCHED_ROUTES], memory[t.COUNTS]
    counts[t.LEFT_BEFORE] = 0
    counts[t.TOUCHED] = 0
    change = recreate(facts, plan, memory, orders, order, near_jobs, near_shifts, settings, True)
    for i in range(counts[t.TOUCHED]):
        v = touched[i]
        routes[v, t.SAVED] = 0
        change += cents[v, t.COST] - cents[v, t.OLD_COST]
        counts[t.SERVED] += routes[v, t.LENGTH] - saved[v, 0]
        counts[t.USED] += int(routes[v, t.LENGTH] > 0) - int(saved[v, 0] > 0)
    return change
