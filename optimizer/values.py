"""Checks that the constructors of problem and plan share."""

from __future__ import annotations

from collections.abc import Iterable


def require(holds: bool, rule: str) -> None:
    """Raises ValueError with the rule when it does not hold."""
    if not holds:
        raise ValueError(rule)


def require_not_negative(name: str, **amounts: int | None) -> None:
    """Raises ValueError when an amount that is given is below 0."""
    for field, amount in amounts.items():
        if amount is not None and amount < 0:
            raise ValueError(f"{name}: {field} is not negative.")


def require_all_distinct(name: str, values: Iterable[str]) -> None:
    """Raises ValueError when a value stands twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{name}: {value} stands there twice.")
        seen.add(value)
