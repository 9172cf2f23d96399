"""How long the first plan and one more job take at 100 technicians x 1000 jobs."""

from __future__ import annotations

import time
from dataclasses import replace

from benchmarks.instances import make_instance
from optimizer.insertions import insertions
from optimizer.limits import Limits
from optimizer.problem import Problem
from optimizer.solve import solve

TECHNICIANS, JOBS = 100, 1000
ASKED, FIRST_PLANS = 200, 9


def measure(seed: int) -> dict[str, float]:
    """Milliseconds; the first insertion, which packs the plan, stands alone."""
    problem = make_instance(TECHNICIANS, JOBS, seed=seed)
    plan = solve(problem, Limits(iterations=0))
    first_plans = sorted(_first_plan_ms(problem) for _ in range(FIRST_PLANS))
    took: list[float] = []
    for job in problem.jobs[: ASKED + 1]:
        new = replace(job, id="new")
        began = time.perf_counter()
        insertions(problem, plan, new)
        took.append((time.perf_counter() - began) * 1000)
    first, *rest = took
    rest.sort()
    return {
        "technicians": TECHNICIANS,
        "jobs": JOBS,
        "first_plan_ms": round(first_plans[FIRST_PLANS // 2], 1),
        "first_ms": round(first, 2),
        "p50_ms": round(rest[len(rest) // 2], 2),
        "p95_ms": round(rest[int(len(rest) * 0.95)], 2),
    }


def _first_plan_ms(problem: Problem) -> float:
    """Until a search knows a plan that can be carried out; it goes on from there."""
    told: list[float] = []
    solve(problem, Limits(iterations=0), progress=lambda seconds, _: told.append(seconds))
    return told[0] * 1000
