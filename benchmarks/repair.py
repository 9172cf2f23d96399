"""`python -m benchmarks.repair`: one technician drops out of a full day, everybody else stays.

The visits left are placed again on the routes near them, with every visit promised to its
technician and time. Exit 1 when it takes too long or moves too many of the untouched visits.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.instances import make_instance
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.problems.narrowing import for_repair
from optimizer.check import check
from optimizer.job import Job, Promise, Window
from optimizer.limits import Limits
from optimizer.plan import Plan, Score, Unassigned
from optimizer.problem import Problem
from optimizer.solve import solve

FLOOR_SECONDS, FLOOR_MOVED_PCT = 3.0, 5.0
TOLD_CENTS = Rules().told_move_cents
TOLERANCE = 1800
"""A start that moves less than this is the same to the customer who has no window."""


def main() -> None:
    options = _options()
    problem = make_instance(options.technicians, options.visits, seed=options.seed)
    plan = solve(problem, Limits(seconds=options.plan_seconds), options.seed)
    promised = replace(problem, jobs=tuple(_promised(job, plan) for job in problem.jobs))
    _repair(promised, plan, plan.routes[0].shift_id, options.limit)  # loads what is loaded once
    routes = sorted(plan.routes, key=lambda route: route.shift_id)
    drawn = random.Random(options.seed).sample(routes, min(options.times, len(routes)))
    rows = [_repair(promised, plan, route.shift_id, options.limit) for route in drawn]
    summary = _summary(options, rows)
    print("  ".join(f"{name} {value}" for name, value in summary.items()))
    if options.json:
        machine = f"{platform.machine()} {platform.python_version()}"
        result = {"machine": machine, "rows": rows, "summary": summary}
        Path(options.json).write_text(json.dumps(result, indent=2) + "\n")
    broken = summary["p95_s"] > FLOOR_SECONDS or summary["moved_pct"] > FLOOR_MOVED_PCT
    sys.exit(1 if broken else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.repair", description=__doc__)
    parser.add_argument("--technicians", type=int, default=100)
    parser.add_argument("--visits", type=int, default=1000)
    parser.add_argument("--times", type=int, default=20, help="technicians who drop out, in turn")
    parser.add_argument("--limit", type=float, default=0.5, help="seconds of search per repair")
    parser.add_argument("--plan-seconds", type=float, default=20.0, help="for the day before it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="file for the result")
    return parser.parse_args()


def _promised(job: Job, plan: Plan) -> Job:
    """With what was told: who comes, and the window asked for or the time planned."""
    seats = plan.seats(job.id)
    if not seats:
        return job
    start = seats[0][1].start
    window = next((own for own in job.windows if own.contains(start)), None)
    window = window or Window(start - TOLERANCE, start + TOLERANCE)
    people = tuple(route.shift_id.partition("d")[0] for route, _ in seats)
    return replace(job, promise=Promise(people, TOLD_CENTS, window, TOLD_CENTS // 2))


def _repair(problem: Problem, plan: Plan, shift_id: str, limit: float) -> dict[str, Any]:
    """One technician gone: how long it takes, what finds a place, what is moved for it."""
    less = replace(problem, shifts=tuple(s for s in problem.shifts if s.id != shift_id))
    rest = replace(plan, routes=tuple(r for r in plan.routes if r.shift_id != shift_id))
    lost = {stop.job_id for stop in plan.route_by_shift[shift_id].stops}
    began = time.perf_counter()
    part, previous = for_repair(less, rest, lost)
    found = solve(part, Limits(seconds=limit), 1, previous)
    took = time.perf_counter() - began
    kept = tuple(r for r in rest.routes if r.shift_id not in part.shift_by_id)
    whole = Plan((*kept, *found.routes), (), Score())
    left = [job for job in less.jobs if not whole.seats(job.id)]
    assert not check(less, replace(whole, unassigned=_unassigned(left)))
    untouched = [s.job_id for r in rest.routes for s in r.stops]
    moved = sum(_is_moved(less.job_by_id[key], whole) for key in untouched)
    return {
        "technician": shift_id.partition("d")[0],
        "seconds": round(took, 3),
        "lost": len(lost),
        "placed": sum(bool(whole.seats(key)) for key in lost),
        "routes": len(part.shifts),
        "untouched": len(untouched),
        "moved": moved,
    }


def _unassigned(left: Sequence[Job]) -> tuple[Unassigned, ...]:
    return tuple(Unassigned(job.id) for job in left)


def _is_moved(job: Job, plan: Plan) -> bool:
    promise, seats = job.promise, plan.seats(job.id)
    assert promise is not None
    assert promise.window is not None
    people = {route.shift_id.partition("d")[0] for route, _ in seats}
    return people != set(promise.technician_ids) or not all(
        promise.window.contains(stop.start) for _, stop in seats
    )


def _summary(options: argparse.Namespace, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    seconds = sorted(row["seconds"] for row in rows)
    share = [100 * row["moved"] / row["untouched"] for row in rows]
    return {
        "technicians": options.technicians,
        "visits": options.visits,
        "times": len(rows),
        "limit_s": options.limit,
        "seed": options.seed,
        "p50_s": seconds[len(seconds) // 2],
        "p95_s": seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))],
        "moved_pct": round(sum(share) / len(share), 2),
        "most_moved_pct": round(max(share), 2),
        "placed_pct": round(
            100 * sum(row["placed"] for row in rows) / max(1, sum(row["lost"] for row in rows)), 1
        ),
    }


if __name__ == "__main__":
    main()
