"""The one way this library compiles: cached on disk, and free of the interpreter's lock.

Numba keeps what it compiled until the file of the function changes. Ours have the constants and
the inlined functions of other files in them, so all these files stand behind each one's stamp.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import config, njit
from numba.core.caching import (
    InTreeCacheLocator,
    UserProvidedCacheLocator,
    UserWideCacheLocator,
)

OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
"""Without the runtime nothing can be allocated and nothing is counted: counting references to a
dozen arrays in every small function took most of the time."""

_HERE = Path(__file__).parent
_SOURCES = (
    *_HERE.glob("*.py"),
    *_HERE.with_name("bonds").glob("*.py"),
    _HERE.parent / "time_price.py",
)
_STAMP = sha256(b"".join(path.read_bytes() for path in sorted(_SOURCES))).hexdigest()


class _Stamped:
    def get_source_stamp(self) -> str:
        return _STAMP


class Provided(_Stamped, UserProvidedCacheLocator):
    """Where NUMBA_CACHE_DIR says."""


class InTree(_Stamped, InTreeCacheLocator):
    """Beside the sources."""


class UserWide(_Stamped, UserWideCacheLocator):
    """In the cache of the user, where the sources cannot be written to."""


_PLACES = (Provided, InTree, UserWide)
config.CACHE_LOCATOR_CLASSES = ",".join(  # type: ignore[attr-defined]  # read from the environment
    f"{place.__module__}.{place.__name__}" for place in _PLACES
)


def compiled(function: Callable[..., Any]) -> Any:
    """Machine code for arrays and numbers; the first call on a machine compiles for seconds."""
    return njit(**OPTIONS)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """For what runs millions of times a second: a call with many arrays costs more than it does."""
    return njit(**OPTIONS, forceinline=True)(function)
