"""Problems and plans as plain JSON values and back: stable order, equal values give equal bytes."""

from __future__ import annotations

import base64
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from optimizer.insertion import Insertion
from optimizer.job import Job
from optimizer.plan import Plan
from optimizer.problem import Problem, Travel

FORMAT = 1

T = TypeVar("T")


def problem_to_json(problem: Problem) -> dict[str, Any]:
    return {"format": FORMAT, **_encode(problem)}


def problem_from_json(value: Mapping[str, Any]) -> Problem:
    """Raises ValueError for another format, an unknown field or a value that breaks a rule."""
    return _read(Problem, _of_this_format(value))


def plan_to_json(plan: Plan) -> dict[str, Any]:
    return {"format": FORMAT, **_encode(plan)}


def plan_from_json(value: Mapping[str, Any]) -> Plan:
    """Raises ValueError for another format, an unknown field or a value that breaks a rule."""
    return _read(Plan, _of_this_format(value))


def job_to_json(job: Job) -> dict[str, Any]:
    return dict(_encode(job))


def job_from_json(value: Mapping[str, Any]) -> Job:
    return _read(Job, value)


def insertion_to_json(insertion: Insertion) -> dict[str, Any]:
    return dict(_encode(insertion))


def dumps(value: Mapping[str, Any]) -> bytes:
    """The one JSON text of a value, as UTF-8."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _of_this_format(value: Mapping[str, Any]) -> Mapping[str, Any]:
    if value.get("format") != FORMAT:
        raise ValueError(f"The format is {FORMAT}, not {value.get('format')}.")
    return {name: part for name, part in value.items() if name != "format"}


def _encode(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Travel):
        seconds = value.seconds.astype("<i4").tobytes()
        return {"places": len(value), "seconds_base64": base64.b64encode(seconds).decode()}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, Mapping):
        return {key: value[key] for key in sorted(value)}
    return value.value if isinstance(value, StrEnum) else value


_hints = cache(get_type_hints)


def _read(kind: type[T], value: Mapping[str, Any]) -> T:
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type]  # a class is hashable
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # only dataclasses
    if unknown := sorted(set(value) - known):
        raise ValueError(f"{kind.__name__} has no field {unknown[0]}.")
    return kind(**{name: _decode(hints[name], part) for name, part in value.items()})


def _decode(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        some = next(option for option in get_args(hint) if option is not type(None))
        return None if value is None else _decode(some, value)
    if origin is tuple:
        item = get_args(hint)[0]
        return tuple(_decode(item, part) for part in value)
    if hint is Travel:
        flat = np.frombuffer(base64.b64decode(value["seconds_base64"]), dtype="<i4")
        return Travel(flat.reshape(value["places"], value["places"]))
    if is_dataclass(hint) and isinstance(hint, type):
        return _read(hint, value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    return dict(value) if origin is not None else value
