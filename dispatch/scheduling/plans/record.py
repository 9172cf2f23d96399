"""What a plan's row keeps so that it can be made again, and reading it."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from dispatch.scheduling.problems.build import Built, Starts
from optimizer.codec import plan_from_json, plan_to_json, problem_from_json, problem_to_json
from optimizer.plan import Plan
from optimizer.problem import Problem

LIBRARIES = ("firstfix", "numpy", "numba", "ortools")
"""Another version of one of these may decide otherwise."""


@dataclass(frozen=True)
class Input:
    """What a plan was made from: the problem, the schedule at that time, and its starts."""

    problem: Problem
    previous: Plan
    starts: Starts
    software: Mapping[str, str]


def snapshot(built: Built) -> dict[str, Any]:
    return {
        "problem": problem_to_json(built.problem),
        "previous": plan_to_json(built.previous),
        "starts": [[*key, start] for key, start in sorted(built.starts().items())],
        "versions": {str(key): item.visit.version for key, item in built.planned.items()},
        "software": software(),
    }


def read(kept: Mapping[str, Any]) -> Input:
    """Raises KeyError or ValueError for what another version of Firstfix kept."""
    return Input(
        problem_from_json(kept["problem"]),
        plan_from_json(kept["previous"]),
        {(job, technician): start for job, technician, start in kept["starts"]},
        kept["software"],
    )


def software() -> dict[str, str]:
    """The versions that a plan depends on beside its input."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    return found | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
