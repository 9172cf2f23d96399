"""`python -m benchmarks.plan`: what plans cost and how long answers take."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.instances import make_instance
from optimizer.check import check
from optimizer.insertions import insertions
from optimizer.limits import Limits
from optimizer.problem import Problem
from optimizer.solve import Engine, solve

SIZES = ((40, 250, 1), (40, 300, 3), (100, 1000, 1))
"""(technicians, jobs, days): a crowded day, a demo's horizon, more work than the day holds."""
ENGINES: tuple[Engine, ...] = ("ruin", "routing")
INSERTIONS_ASKED = 200
INSERTION_FLOOR_MS = 5.0


def main() -> None:
    options = _options()
    rows = [
        _solve_row(make_instance(technicians, jobs, days=days, seed=options.seed), engine, options)
        | {"technicians": technicians, "jobs": jobs, "days": days}
        for technicians, jobs, days in SIZES
        for engine in ENGINES
    ]
    asked = _insertion_row(make_instance(100, 1000, seed=options.seed))
    result = {
        "machine": f"{platform.machine()} {platform.python_version()}",
        "seed": options.seed,
        "limit_s": options.limit,
        "rows": rows,
        "insertions": asked,
    }
    for row in [*rows, asked]:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=2) + "\n")
    broken = any(row["violations"] for row in rows) or asked["p95_ms"] > INSERTION_FLOOR_MS
    sys.exit(1 if broken else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.plan", description=__doc__)
    parser.add_argument("--limit", type=float, default=1.0, help="seconds per plan")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="file for the result")
    return parser.parse_args()


def _solve_row(problem: Problem, engine: Engine, options: argparse.Namespace) -> dict[str, Any]:
    began = time.perf_counter()
    limits = Limits(seconds=options.limit)
    plan = solve(problem, limits, options.seed, engine=engine)
    return {
        "engine": plan.engine,
        "objective": plan.score.total_cents,
        "greedy": plan.stats["greedy_cents"],
        "unserved": len(plan.unassigned),
        "iterations": plan.iterations,
        "wall_s": round(time.perf_counter() - began, 2),
        "violations": len(check(problem, plan)),
    }


def _insertion_row(problem: Problem) -> dict[str, Any]:
    """Places for jobs that are not in the plan, asked one after the other."""
    plan = solve(problem, Limits(iterations=0))
    took: list[float] = []
    for job in problem.jobs[: INSERTIONS_ASKED + 1]:
        new = replace(job, id="new")
        began = time.perf_counter()
        insertions(problem, plan, new)
        took.append((time.perf_counter() - began) * 1000)
    first, *rest = took
    rest.sort()
    return {
        "what": "insertions at 100 technicians x 1000 jobs",
        "first_ms": round(first, 2),
        "p50_ms": round(rest[len(rest) // 2], 2),
        "p95_ms": round(rest[int(len(rest) * 0.95)], 2),
    }


if __name__ == "__main__":
    main()
