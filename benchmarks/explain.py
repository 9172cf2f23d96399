"""`python -m benchmarks.explain`: how long one explanation takes; exit 1 above the floor."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.instances import make_instance
from optimizer.explain import explain
from optimizer.limits import Limits
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.solve import solve

FLOOR_SECONDS = 1.0


def main() -> None:
    options = _options()
    problem = make_instance(options.technicians, options.jobs, seed=options.seed)
    plan = solve(problem, Limits(iterations=0), options.seed)
    left = [item.job_id for item in plan.unassigned]
    planned = [stop.job_id for route in plan.routes for stop in route.stops]
    rows = [
        _row("assigned", problem, plan, _some(planned, options.asked)),
        _row("unassigned", problem, plan, _some(left, options.asked)),
    ]
    result = {
        "machine": f"{platform.machine()} {platform.python_version()}",
        "seed": options.seed,
        "technicians": options.technicians,
        "visits": options.jobs,
        "floor_s": FLOOR_SECONDS,
        "rows": rows,
    }
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=2) + "\n")
    sys.exit(1 if any(row["p95_s"] > FLOOR_SECONDS for row in rows) else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.explain", description=__doc__)
    parser.add_argument("--technicians", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--asked", type=int, default=40, help="explanations of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="file for the result")
    return parser.parse_args()


def _some(job_ids: Sequence[str], most: int) -> Sequence[str]:
    """Spread evenly over the plan."""
    return job_ids[:: max(1, len(job_ids) // most)][:most]


def _row(kind: str, problem: Problem, plan: Plan, job_ids: Sequence[str]) -> dict[str, Any]:
    took: list[float] = []
    worked: list[float] = []
    candidates = relaxations = 0
    for job_id in job_ids:
        began, busy = time.perf_counter(), time.process_time()
        found = explain(problem, plan, job_id)
        took.append(time.perf_counter() - began)
        worked.append(time.process_time() - busy)
        candidates += sum(candidate.is_feasible for candidate in found.candidates)
        relaxations += len(found.relaxations)
    took.sort()
    worked.sort()
    return {
        "what": kind,
        "asked": len(took),
        "p50_s": round(took[len(took) // 2], 3),
        "p95_s": round(took[int(len(took) * 0.95)], 3),
        "most_s": round(took[-1], 3),
        "p95_cpu_s": round(worked[int(len(worked) * 0.95)], 3),
        "feasible": candidates,
        "relaxations": relaxations,
    }


if __name__ == "__main__":
    main()
