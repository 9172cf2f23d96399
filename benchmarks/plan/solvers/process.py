"""The process in which one solver solves one instance: on one core, warmed up before the clock.

It is called with a folder that holds `instance.json` and `task.json`, writes `ready` when it has
warmed up and `answer.json` when it is done. It imports nothing of the product.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.plan import files
from benchmarks.plan.instance import Instance


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked: the best plan within `seconds`, counted from the call."""

    instance: Instance
    seconds: float
    seed: int
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Orders of jobs by technician; the solver's own cost in cents or units, if it has one, and
    its own plan, if it has one with times."""

    orders: list[list[int]]
    reported: float | None = None
    plan: dict[str, Any] | None = None
    about: dict[str, Any] = field(default_factory=dict)


Solve = Callable[[], Answer]
Prepare = Callable[[Task], Solve]
"""Builds the solver's model, outside the clock; what it returns runs inside."""


def serve(prepare: Prepare, warm_up: Callable[[Task], None] | None = None) -> None:
    """The main function of a solver's module."""
    folder = Path(sys.argv[1])
    task = read_task(folder)
    if warm_up is not None:
        warm_up(task)
    run = prepare(task)
    (folder / "ready").touch()
    began, worked = time.perf_counter(), time.process_time()
    answer = run()
    wall, cpu = time.perf_counter() - began, time.process_time() - worked
    value = {
        "orders": answer.orders,
        "reported": answer.reported,
        "plan": answer.plan,
        "about": answer.about,
        "wall_s": round(wall, 3),
        "cpu_s": round(cpu, 3),
    }
    part = folder / "answer.part"
    part.write_text(json.dumps(value))
    part.rename(folder / "answer.json")


def read_task(folder: Path) -> Task:
    asked = json.loads((folder / "task.json").read_text())
    instance = files.read(folder / "instance.json")
    return Task(instance, asked["seconds"], asked["seed"], asked["reference"])
