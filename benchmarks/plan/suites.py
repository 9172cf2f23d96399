"""Which instances a suite runs, with which limits, and the best values known for them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.plan import files, pillac, vrptw
from benchmarks.plan.generator import make
from benchmarks.plan.geometry import REGIONS
from benchmarks.plan.given import Given
from benchmarks.plan.instance import Instance
from benchmarks.plan.problem import to_problem

LOADS = (0.7, 1.0, 1.2)
SIZES = ((20, 150), (40, 300), (60, 600), (100, 1000))
GIVEN_SIZES = ((40, 400), (60, 600), (100, 1000))
QUICK_SIZES = ((20, 150), (40, 300))
TECHNICIAN_SECONDS = 5.0
LONG_TECHNICIAN_SECONDS = 30.0
QUICK_SECONDS = 2.0
TRSP_SECONDS = 60.0
VRPTW_SECONDS = ((100, 10.0), (400, 20.0), (1_000_000, 40.0))
"""Up to so many customers, so many seconds."""


@dataclass(frozen=True)
class Case:
    """One instance with its limit; `known` is the best value known, in the objective's unit."""

    suite: str
    instance: Instance
    seconds: float
    known: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked on the command line."""

    seed: int = 1
    seconds: float | None = None
    data: Path | None = None
    given: Given | None = None


class NotRunError(Exception):
    """A suite that cannot be run, and why."""


Suite = Callable[[Wanted], list[Case]]


def technician(wanted: Wanted) -> list[Case]:
    """The instances of the folder, else our own: every region and load, with and without breaks."""
    seconds = wanted.seconds or TECHNICIAN_SECONDS
    folder = wanted.data / "technician" if wanted.data else None
    if folder is not None and folder.is_dir():
        instances, known = files.read_folder(folder, to_problem)
        if instances:
            return [Case("technician", one, seconds, _known(known, one.name)) for one in instances]
    return [Case("technician", one, seconds) for one in _own(wanted) + _given(wanted)]


def _own(wanted: Wanted) -> list[Instance]:
    mixes = itertools.product(sorted(REGIONS), LOADS, (True, False))
    return [
        make(region, *SIZES[n % len(SIZES)], load=load, breaks=breaks, seed=wanted.seed)
        for n, (region, load, breaks) in enumerate(mixes)
    ]


def _given(wanted: Wanted) -> list[Instance]:
    if wanted.given is None:
        return []
    mixes = itertools.product((True, False), zip(GIVEN_SIZES, LOADS, strict=True))
    return [
        wanted.given.make(*size, load=load, breaks=breaks, seed=1000 + wanted.seed)
        for breaks, (size, load) in mixes
    ]


def quick(wanted: Wanted) -> list[Case]:
    """One small instance of each region, with and without breaks."""
    seconds = wanted.seconds or QUICK_SECONDS
    return [
        Case("technician", make(region, *size, breaks=breaks, seed=wanted.seed), seconds)
        for region in sorted(REGIONS)
        for size, breaks in zip(QUICK_SIZES, (True, False), strict=True)
    ]


def vehicles(wanted: Wanted) -> list[Case]:
    """Every instance of the folder, the small ones first."""
    folder = _folder(wanted, "vrptw", "*.txt")
    known = _value_file(folder)
    instances = [files.reading(vrptw.read, path) for path in sorted(folder.glob("*.txt"))]
    instances.sort(key=lambda one: len(one.jobs))
    return [
        Case(
            "vrptw",
            one,
            wanted.seconds or _vrptw_seconds(len(one.jobs)),
            _known(known, one.name),
        )
        for one in instances
    ]


def trsp(wanted: Wanted) -> list[Case]:
    """Technicians with tools and parts (Pillac and others 2013)."""
    folder = _folder(wanted, "trsp", "*.txt")
    known = _value_file(folder)
    return [
        Case("trsp", one, wanted.seconds or TRSP_SECONDS, _known(known, one.name))
        for one in (files.reading(pillac.read, path) for path in sorted(folder.glob("*.txt")))
    ]


def long_technician(wanted: Wanted) -> list[Case]:
    """The technician suite with more time."""
    cases = technician(wanted)
    seconds = wanted.seconds or LONG_TECHNICIAN_SECONDS
    return [Case(one.suite, one.instance, seconds, one.known) for one in cases]


PARTS: dict[str, Suite] = {
    "technician": technician,
    "long technician": long_technician,
    "trsp": trsp,
    "vrptw": vehicles,
    "quick": quick,
}
SUITES: dict[str, tuple[str, ...]] = {
    "technician": ("technician",),
    "trsp": ("trsp",),
    "vrptw": ("vrptw",),
    "quick": ("quick",),
    "full": ("technician", "long technician", "trsp", "vrptw"),
}
"""By the name on the command line, the parts that are run."""


def _folder(wanted: Wanted, name: str, pattern: str) -> Path:
    folder = wanted.data / name if wanted.data else None
    if folder is None or not any(folder.glob(pattern)):
        raise NotRunError("no data")
    return folder


def _value_file(folder: Path) -> dict[str, float]:
    values: dict[str, float] = {}
    for path in sorted(folder.glob("*.json")):
        values |= files.reading(lambda one: dict(json.loads(one.read_text())), path)
    return values


def _known(values: dict[str, float], name: str) -> float | None:
    return values.get(name, values.get(name.lower(), values.get(name.upper())))


def _vrptw_seconds(customers: int) -> float:
    return next(seconds for most, seconds in VRPTW_SECONDS if customers <= most)
