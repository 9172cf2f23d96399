"""OR-Tools routing, as our own engine drives it."""

from __future__ import annotations

from benchmarks.plan.solvers import ours
from benchmarks.plan.solvers.process import Solve, Task, serve


def prepare(task: Task) -> Solve:
    return ours.prepare(task, engine="routing")


def warm_up(task: Task) -> None:
    ours.warm_up(task, engine="routing")


if __name__ == "__main__":
    serve(prepare, warm_up)
