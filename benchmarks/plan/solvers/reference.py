"""A reference solver that the caller points to: a module with `mk_problem` and `Solver`.

Its parameters are those with which its authors measured it.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.plan.arrays import to_arrays
from benchmarks.plan.generator import make
from benchmarks.plan.given import load_module
from benchmarks.plan.solvers.process import Answer, Solve, Task, serve

FORBIDDEN = 1e16
NO_CAPACITY = 1 << 30
NEIGHBOURS = 80
LONGEST_ROUTE = 60
COLD = 300.0
STRING = {"avg": 6.0, "Lmax": 6}
WARM_SECONDS = 1.0
LEAST_SECONDS = 0.05


def prepare(task: Task) -> Solve:
    module = load_module(task.reference or "")
    arrays = to_arrays(task.instance)

    def run() -> Answer:
        began = time.perf_counter()
        solver = module.Solver(_problem(module, arrays), seed=task.seed, maxlen=LONGEST_ROUTE)
        solver.init()
        # with no time left it would never stop: its loop ends when a share of the time has passed
        left = max(LEAST_SECONDS, task.seconds - (time.perf_counter() - began))
        solver.solve(left, _hot(arrays["nj"], task.seconds), COLD, **STRING)
        return Answer([list(route) for route in solver.routes()], reported=float(solver.best))

    return run


def _hot(jobs: int, seconds: float) -> float:
    """The start temperature, by size and time."""
    if jobs <= 400:
        return 10_000.0 if seconds >= 8 else 3_000.0
    return 2_000.0 if seconds >= 20 else 600.0


def _problem(module: Any, arrays: dict[str, Any]) -> Any:
    jobs, people = arrays["nj"], arrays["nt"]
    work = arrays["dur"][:, None] * arrays["task"][None, :]
    return module.mk_problem(
        arrays["D"],
        np.arange(jobs),
        arrays["dur"],
        arrays["e"],
        arrays["l"],
        np.zeros(jobs),
        arrays["pen"].astype(float),
        np.where(arrays["compat"], work, FORBIDDEN),
        arrays["rate"],
        arrays["fixed"].astype(float),
        np.arange(jobs, jobs + people),
        np.arange(jobs + people, jobs + 2 * people),
        arrays["vs"],
        arrays["ve"],
        np.full(people, NO_CAPACITY),
        arrays["bd"],
        arrays["be"],
        arrays["bl"],
        np.arange(people),
        K=NEIGHBOURS,
    )


def warm_up(task: Task) -> None:
    """On 400 jobs: with fewer than 30 it would not come back."""
    middle = make("city", 40, 400)
    prepare(Task(middle, WARM_SECONDS, task.seed, task.reference))()


if __name__ == "__main__":
    serve(prepare, warm_up)
