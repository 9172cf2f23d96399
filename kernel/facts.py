"""Free-form JSON as people and programs send it, kept to a size that can be answered again."""

import json
from typing import Annotated, Any

from pydantic import AfterValidator

DEEPEST, LARGEST = 20, 50_000


def _readable(facts: dict[str, Any]) -> dict[str, Any]:
    level: list[Any] = [facts]
    for _ in range(DEEPEST):
        level = [part for value in level for part in _parts(value)]
    if level:
        raise ValueError(f"must not be nested deeper than {DEEPEST} levels")
    if len(json.dumps(facts)) > LARGEST:
        raise ValueError(f"must not be longer than {LARGEST} characters")
    return facts


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


Facts = Annotated[dict[str, Any], AfterValidator(_readable)]
"""Free-form JSON, bounded: what is nested too deep could be stored and never be answered again."""
