"""Our optimizer, through its public interface."""

from __future__ import annotations

from benchmarks.plan.generator import make
from benchmarks.plan.problem import orders_of, to_problem
from benchmarks.plan.solvers.process import Answer, Solve, Task, serve
from optimizer import codec
from optimizer.limits import Limits
from optimizer.solve import Engine, solve

WARM_SECONDS = 0.3


def prepare(task: Task, engine: Engine = "ruin") -> Solve:
    problem = to_problem(task.instance)

    def run() -> Answer:
        plan = solve(problem, Limits(seconds=task.seconds), task.seed, engine=engine)
        return Answer(
            orders=orders_of(task.instance, plan),
            reported=plan.score.total_cents,
            plan=codec.plan_to_json(plan),
            about={"engine": plan.engine, "iterations": plan.iterations, **plan.stats},
        )

    return run


def warm_up(task: Task, engine: Engine = "ruin") -> None:
    """Compiles what is compiled on first use, on two small instances with and without breaks."""
    for breaks in (True, False):
        small = make("city", 5, 30, breaks=breaks)
        prepare(Task(small, WARM_SECONDS, task.seed), engine)()


if __name__ == "__main__":
    serve(prepare, warm_up)
