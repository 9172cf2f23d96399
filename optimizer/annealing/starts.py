"""Compiled: when a job may start, and what that costs."""

from __future__ import annotations

import optimizer.annealing.tables as t
from optimizer.annealing.compiled import inlined
from optimizer.time_price import NEVER


@inlined
def next_start(jobs, windows, job, time):
    """The first admissible start at or after `time`; NEVER when there is none."""
    if time > jobs[job, t.CLOSES]:
        return NEVER
    if time <= jobs[job, t.OPENS] or jobs[job, t.WINDOWS] == 1:
        return max(time, jobs[job, t.OPENS])
    first = jobs[job, t.FIRST_WINDOW]
    for w in range(first, first + jobs[job, t.WINDOWS]):
        if time <= windows[w, 1]:
            return max(time, windows[w, 0])
    return NEVER


@inlined
def last_start(jobs, windows, job, time):
    """The last admissible start at or before `time`; -NEVER when there is none."""
    if time < jobs[job, t.OPENS]:
        return -NEVER
    if jobs[job, t.WINDOWS] == 1:
        return min(time, jobs[job, t.CLOSES])
    first = jobs[job, t.FIRST_WINDOW]
    for w in range(first + jobs[job, t.WINDOWS] - 1, first - 1, -1):
        if time >= windows[w, 0]:
            return min(time, windows[w, 1])
    return -NEVER


@inlined
def price_at(prices, v, job, start):
    """What starting the job then costs in shift v."""
    cents = 0.0
    if start > prices[job, t.DUE]:
        late = prices[job, t.BREACH] + (start - prices[job, t.DUE]) * prices[job, t.LATE_RATE]
        for step in range(int(prices[job, t.STEPS])):
            if start > prices[job, t.FIRST_STEP + 2 * step]:
                late += prices[job, t.FIRST_STEP + 2 * step + 1]
        cents = min(prices[job, t.CAP], late)
    if prices[job, t.DELAY_RATE] > 0.0 and start > prices[job, t.DELAY_FROM]:
        cents += (start - prices[job, t.DELAY_FROM]) * prices[job, t.DELAY_RATE]
    if prices[job, t.SOFT_RATE] > 0.0:
        if start < prices[job, t.SOFT_START]:
            cents += (prices[job, t.SOFT_START] - start) * prices[job, t.SOFT_RATE]
        elif start > prices[job, t.SOFT_END]:
            cents += (start - prices[job, t.SOFT_END]) * prices[job, t.SOFT_RATE]
    kept = prices[job, t.PROMISE_START] <= start <= prices[job, t.PROMISE_END]
    if not kept:
        cents += prices[job, t.PROMISE]
    if prices[job, t.RISK_RATE] > 0.0:
        over = start - prices[job, prices.shape[1] - 1 - v]
        cents += max(0.0, over) * prices[job, t.RISK_RATE]
    return cents
