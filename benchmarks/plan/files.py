"""Technician instances as JSON files, in the format of docs/benchmark-format.md."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.plan.arrays import from_arrays
from benchmarks.plan.instance import (
    CENTS_PER_WEIGHT,
    Instance,
    Job,
    Pause,
    Seconds,
    Technician,
)

FORMAT = "firstfix-technician/1"
Read = TypeVar("Read")


class UnreadableError(Exception):
    """A file that is not what it should be: its path, and why."""


def reading(read: Callable[[Path], Read], path: Path) -> Read:
    """What the reader makes of the file. Raises UnreadableError with its path."""
    try:
        return read(path)
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        SyntaxError,
        TypeError,
        ValueError,
    ) as why:
        told = f"there is no {why}" if isinstance(why, KeyError) else str(why)
        raise UnreadableError(f"{path} cannot be read: {told}") from why


def write(instance: Instance, path: Path) -> None:
    path.write_text(json.dumps(to_json(instance)) + "\n")


def read(path: Path) -> Instance:
    """Raises ValueError for a file in another format."""
    value = json.loads(path.read_text())
    if not isinstance(value, dict):
        raise ValueError(f"{path.name} is no instance.")
    return from_json(value, path.stem)


def to_json(instance: Instance) -> dict[str, Any]:
    seconds = instance.travel.astype("<i4").tobytes()
    return {
        "format": FORMAT,
        "name": instance.name,
        "about": instance.about,
        "cents_per_weight": instance.cents_per_weight,
        "all_required": instance.all_required,
        "units_per_second": instance.units_per_second,
        "depot": instance.depot,
        "points": instance.points,
        "technicians": [
            {**asdict(one), "skills": dict(one.skills), "parts": dict(one.parts)}
            for one in instance.technicians
        ],
        "jobs": [{**asdict(job), "parts": dict(job.parts)} for job in instance.jobs],
        "travel_seconds": {
            "places": len(instance.travel),
            "seconds_base64": base64.b64encode(seconds).decode(),
        },
    }


def from_json(value: Mapping[str, Any], name: str = "") -> Instance:
    """An instance from our format, or from the arrays of `arrays.to_arrays` written as lists."""
    if "format" not in value and {"nt", "nj", "D"} <= value.keys():
        return from_arrays(value, name)
    if value.get("format") != FORMAT:
        raise ValueError(f"The format is {FORMAT}, not {value.get('format')}.")
    return Instance(
        name=value.get("name", name),
        technicians=tuple(
            _technician(number, one) for number, one in enumerate(value["technicians"])
        ),
        jobs=tuple(_job(number, one) for number, one in enumerate(value["jobs"])),
        travel=_travel(value["travel_seconds"]),
        cents_per_weight=value.get("cents_per_weight", CENTS_PER_WEIGHT),
        all_required=value.get("all_required", False),
        units_per_second=value.get("units_per_second", 1),
        depot=value.get("depot"),
        points=tuple((x, y) for x, y in value.get("points", ())),
        about=dict(value.get("about", {})),
    )


def _technician(number: int, value: Mapping[str, Any]) -> Technician:
    parts = {"id": number, **value}
    parts["skills"] = tuple(sorted(parts.get("skills", {}).items()))
    _read_supplies(parts)
    parts["breaks"] = tuple(Pause(**pause) for pause in parts.get("breaks", ()))
    return Technician(**parts)


def _job(number: int, value: Mapping[str, Any]) -> Job:
    parts = {"id": number, **value}
    _read_supplies(parts)
    return Job(**parts)


def _read_supplies(value: dict[str, Any]) -> None:
    value["parts"] = tuple(sorted(value.get("parts", {}).items()))
    value["tools"] = tuple(value.get("tools", ()))


def _travel(value: Mapping[str, Any] | Sequence[Sequence[int]]) -> Seconds:
    """Rows of whole seconds, or their little-endian 32-bit integers in base64."""
    if not isinstance(value, Mapping):
        return np.array(value)
    flat = np.frombuffer(base64.b64decode(value["seconds_base64"]), dtype="<i4")
    return flat.reshape(value["places"], value["places"]).astype(np.int64)


def read_folder(
    folder: Path, require: Callable[[Instance], object]
) -> tuple[list[Instance], dict[str, float]]:
    """Every instance of a folder by name, and the known values from its value file.

    Raises UnreadableError, also for what `require` raises ValueError about.
    """
    instances: list[Instance] = []
    known: dict[str, float] = {}
    for path in sorted(folder.rglob("*.json")):
        value = reading(lambda one: json.loads(one.read_text()), path)
        if _is_value_file(value):
            known |= {name: float(number) for name, number in value.items()}
        elif isinstance(value, dict):
            instances.append(reading(read, path))
            reading(lambda _: require(instances[-1]), path)
    return instances, known


def _is_value_file(value: object) -> bool:
    """Names and numbers, nothing else."""
    return isinstance(value, dict) and all(
        isinstance(number, int | float) for number in value.values()
    )
