"""The parts that work uses up."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.values import require


@dataclass(frozen=True, slots=True)
class Part:
    """So many pieces of a part."""

    name: str
    quantity: int = 1

    def __post_init__(self) -> None:
        require(bool(self.name), "A part has a name.")
        require(self.quantity > 0, f"Part {self.name}: the quantity is above 0.")
