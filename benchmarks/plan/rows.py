"""One row per suite, instance, limit and solver: run, judged and written down."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.plan import run
from benchmarks.plan.instance import DEPOT, Instance
from benchmarks.plan.judge import Evaluate, Verdict, judge
from benchmarks.plan.suites import Case
from optimizer import codec


@dataclass(frozen=True, slots=True)
class Row:
    """What the JSON says of one run; `objective` is None without a feasible plan."""

    suite: str
    instance: str
    solver: str
    limit_s: float
    seed: int
    objective: float | None
    unserved: int
    gap_pct: float | None
    feasible: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """A row and what stands beside it: time taken, and why there is no plan."""

    row: Row
    case: Case
    wall_s: float
    cpu_s: float
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self.row)


def measure(
    case: Case, solver: str, seed: int, reference: str | None, evaluate: Evaluate | None
) -> tuple[Measured, Verdict, list[list[int]]]:
    instance = case.instance
    outcome = run.run(solver, instance, case.seconds, seed, reference)
    if outcome.failure:
        verdict = Verdict(None, len(instance.jobs), outcome.failure)
    else:
        plan = None if outcome.plan is None else codec.plan_from_json(outcome.plan)
        given = None if instance.all_required else evaluate
        verdict = judge(instance, outcome.orders, plan, given)
    gap = None
    if case.known and verdict.objective is not None:
        gap = round(100 * (verdict.objective / case.known - 1), 3)
    row = Row(
        case.suite,
        instance.name,
        solver,
        case.seconds,
        seed,
        verdict.objective,
        verdict.unserved,
        gap,
        verdict.is_feasible,
    )
    return Measured(row, case, outcome.wall_s, outcome.cpu_s, verdict.why), verdict, outcome.orders


def unfit(solver: str, instance: Instance) -> str:
    """Why a solver cannot take an instance; empty when it can."""
    for cannot, reason in CANNOT.get(solver, ()):
        if cannot(instance):
            return reason
    return ""


Limit = tuple[Callable[[Instance], bool], str]
NO_DEPOTS: Limit = (lambda instance: instance.depot is not None, "knows no depots")
NO_BREAKS: Limit = (lambda instance: instance.has_breaks, "knows no breaks")
CANNOT: dict[str, tuple[Limit, ...]] = {
    "vroom": (NO_DEPOTS,),
    "ortools": (NO_DEPOTS,),
    "pyvrp": (NO_BREAKS, NO_DEPOTS),
    "nextroute": (NO_BREAKS, NO_DEPOTS),
    "reference": (
        NO_DEPOTS,
        (lambda instance: instance.all_required, "is not fed with loads"),
        (
            lambda instance: any(len(one.breaks) > 1 for one in instance.technicians),
            "knows one break",
        ),
    ),
}


def write_solution(
    folder: Path, measured: Measured, verdict: Verdict, orders: list[list[int]]
) -> None:
    """For judging by others; starts in the instance's own seconds."""
    if not any(orders):
        return
    instance, row = measured.case.instance, measured.row
    starts: dict[str, float] = {}
    for route in verdict.plan.routes if verdict.plan else ():
        starts |= {stop.job_id: stop.start / instance.units_per_second for stop in route.stops}
    served = {number for order in orders for number in order if number != DEPOT}
    value = {
        "instance": instance.name,
        "routes": [
            {
                "technician": one.id,
                "stops": [
                    {"depot": 0} if number == DEPOT else _stop(instance.jobs[number].id, starts)
                    for number in order
                ],
            }
            for one, order in zip(instance.technicians, orders, strict=True)
            if order
        ],
        "unserved": [job.id for number, job in enumerate(instance.jobs) if number not in served],
    }
    folder.mkdir(parents=True, exist_ok=True)
    safe = re.sub(r"[^\w.+-]+", "_", instance.name)
    name = f"{row.suite}-{safe}-{row.solver}-{row.limit_s:g}s-{row.seed}.json"
    (folder / name).write_text(json.dumps(value) + "\n")


def _stop(job: int, starts: dict[str, float]) -> dict[str, float]:
    start = starts.get(f"j{job}")
    return {"job": job} if start is None else {"job": job, "start": start}
