"""Ports: what a lower package needs from a higher one; the composition root wires them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Port(Generic[T]):
    """`port()` gives the wired implementation; RuntimeError while nobody has wired one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._wired: list[T] = []

    def wire(self, implementation: T) -> None:
        self._wired = [implementation]

    def __call__(self) -> T:
        if not self._wired:
            raise RuntimeError(f"nothing is wired to the port {self.name}")
        return self._wired[0]

    @contextmanager
    def wired(self, implementation: T) -> Iterator[None]:
        """Wire something else for a while (tests)."""
        before = self._wired
        self.wire(implementation)
        try:
            yield
        finally:
            self._wired = before
