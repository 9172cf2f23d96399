"""Code that the caller of the benchmark points to: a reference solver, a generator, a judge."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from benchmarks.plan.arrays import from_arrays, to_arrays
from benchmarks.plan.instance import Instance

SIBLING = "technician_instances.py"
"""Beside the reference solver: `gen(...)` draws instances, `evaluate(...)` judges routes."""


def load_module(file: str) -> Any:
    """The module of that file. Nothing is written beside it."""
    path = Path(file).resolve()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module


class Given:
    """The generator and the judge beside a reference solver."""

    def __init__(self, reference: str) -> None:
        self._module = load_module(str(Path(reference).parent / SIBLING))

    def make(
        self, technicians: int, jobs: int, *, load: float, breaks: bool, seed: int
    ) -> Instance:
        arrays = self._module.gen(technicians, jobs, seed, load, breaks)
        name = f"given-{technicians}x{jobs}-l{round(load * 100)}{'b' if breaks else 'n'}s{seed}"
        return from_arrays({**arrays, "name": name})

    def evaluate(self, instance: Instance, orders: list[list[int]]) -> float:
        """Raises AssertionError when the routes break a rule."""
        return float(self._module.evaluate(to_arrays(instance), orders)["obj"])
