"""The one way this library compiles: cached on disk, and free of the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
"""Without the runtime nothing can be allocated and nothing is counted: counting references to a
dozen arrays in every small function took most of the time."""


def compiled(function: Callable[..., Any]) -> Any:
    """Machine code for arrays and numbers; the first call on a machine compiles for seconds."""
    return njit(**OPTIONS)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """For what runs millions of times a second: a call with many arrays costs more than it does."""
    return njit(**OPTIONS, forceinline=True)(function)
