"""`python -m benchmarks.scale`: a country of towns planned at once, cut into parts and uncut.

Towns of 100 technicians from `benchmarks.plan.generator`, each a neighbour of two others. The cut
plan has one chain a core and a minute; the uncut one a single chain and `--uncut` seconds, which
the summary states. Both are judged by the checker. Exit 1 when the cut plan breaks a rule or takes
longer than a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.plan.generator import make
from benchmarks.plan.geometry import REGIONS
from benchmarks.plan.problem import to_problem
from optimizer.check import check
from optimizer.job import Job
from optimizer.limits import Limits
from optimizer.plan import Plan
from optimizer.problem import Problem, Travel
from optimizer.shift import Shift
from optimizer.solve import solve

FLOOR_SECONDS, GOAL_GAP_PCT = 60.0, 2.0
TOWN_TECHNICIANS = 100
BETWEEN_TOWNS = 1200
"""Seconds from the gate of a town to the gate of the next."""


def main() -> None:
    options = _options()
    problem = country(options.technicians, options.jobs, options.seed)
    solve(country(10, 100, options.seed), Limits(iterations=5, chains=options.chains))
    cut = _run(problem, options.limit, options.chains, options.seed)
    rows = [{"plan": "cut", **cut}]
    gap = None
    if options.uncut > 0:
        uncut = _run(problem, options.uncut, 1, options.seed)
        rows.append({"plan": "uncut", **uncut})
        gap = round(100 * (cut["cents"] / uncut["cents"] - 1), 3)
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    summary = {
        "jobs": len(problem.jobs),
        "technicians": len(problem.shifts),
        "wall_s": cut["wall_s"],
        "gap_to_uncut_pct": gap,
        "uncut_limit_s": options.uncut,
        "seed": options.seed,
        "chains": options.chains,
    }
    print("  ".join(f"{name} {value}" for name, value in summary.items()))
    if options.json:
        machine = f"{platform.machine()} {os.cpu_count()} cores {platform.python_version()}"
        result = {"machine": machine, "rows": rows, "summary": summary}
        Path(options.json).write_text(json.dumps(result, indent=2) + "\n")
    sys.exit(0 if cut["feasible"] and cut["wall_s"] <= FLOOR_SECONDS else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.scale", description=__doc__)
    parser.add_argument("--technicians", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--limit", type=float, default=56.0, help="seconds for the cut plan")
    parser.add_argument("--uncut", type=float, default=600.0, help="seconds; 0: not run")
    parser.add_argument("--chains", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="file for the result")
    return parser.parse_args()


def country(technicians: int, jobs: int, seed: int) -> Problem:
    """Towns of up to 100 technicians in a row; from one to the next by their gates."""
    towns = max(1, round(technicians / TOWN_TECHNICIANS))
    kinds = sorted(REGIONS)
    parts = [
        to_problem(
            make(kinds[n % len(kinds)], technicians // towns, jobs // towns, seed=seed * 100 + n)
        )
        for n in range(towns)
    ]
    first = np.cumsum([0, *(len(part.travel) for part in parts)])
    seconds = np.zeros((first[-1], first[-1]), dtype=np.int32)
    for a, origin in enumerate(parts):
        for b, target in enumerate(parts):
            block = target.travel.seconds
            if a != b:
                way = abs(a - b) * BETWEEN_TOWNS
                block = origin.travel.seconds[:, :1] + way + target.travel.seconds[:1, :]
            seconds[first[a] : first[a + 1], first[b] : first[b + 1]] = block
    return Problem(
        epoch=parts[0].epoch,
        shifts=tuple(_moved(n, s, first[n]) for n, part in enumerate(parts) for s in part.shifts),
        jobs=tuple(_placed(n, j, first[n]) for n, part in enumerate(parts) for j in part.jobs),
        travel=Travel(seconds),
    )


def _moved(town: int, shift: Shift, first: int) -> Shift:
    name = f"{town}{shift.id}"
    end = None if shift.end_place is None else shift.end_place + int(first)
    start = shift.start_place + int(first)
    return replace(shift, id=name, technician_id=name, start_place=start, end_place=end)


def _placed(town: int, job: Job, first: int) -> Job:
    return replace(job, id=f"{town}{job.id}", place=job.place + int(first))


def _run(problem: Problem, seconds: float, chains: int, seed: int) -> dict[str, Any]:
    began = time.perf_counter()
    plan = solve(problem, Limits(seconds=seconds, chains=chains), seed, progress=_show)
    wall = time.perf_counter() - began
    print(file=sys.stderr)
    return {"wall_s": round(wall, 1), "chains": chains, **_facts(problem, plan)}


def _facts(problem: Problem, plan: Plan) -> dict[str, Any]:
    return {
        "cents": plan.score.total_cents,
        "greedy_cents": plan.stats.get("greedy_cents"),
        "unserved": len(plan.unassigned),
        "iterations": plan.iterations,
        "feasible": not check(problem, plan),
        "most_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _show(seconds: float, cents: float) -> None:
    print(f"\r{seconds:6.1f} s  {cents / 100:14,.0f}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
