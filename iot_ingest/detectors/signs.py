"""L2: which signs of one asset corroborate each other; a list, and plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class SignKind(StrEnum):
    ANOMALY = "anomaly"
    """The streaming detector of a metric gave an alert (L1)."""
    DRIFT = "drift"
    """Several metrics left their usual places together."""
    ERROR = "error"
    """The device reported an error: a metric that a rule names as such lies beyond its limit."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that speaks for a fault of an asset; `value` is a score, or the error's code."""

    kind: SignKind
    metric: str
    at: datetime
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two kinds of signs that, `within` a stretch of time, say more than each alone."""

    first: SignKind
    second: SignKind
    within: timedelta

    def joins(self, one: Sign, other: Sign) -> bool:
        return (
            {one.kind, other.kind} == {self.first, self.second}
            and one.metric != other.metric
            and abs(one.at - other.at) <= self.within
        )


PAIRS = (
    Pair(SignKind.ANOMALY, SignKind.ANOMALY, timedelta(hours=2)),
    # A drift is slow: it is noticed long after, or long before, the controller reports an error.
    Pair(SignKind.DRIFT, SignKind.ERROR, timedelta(hours=24)),
)


def window_of(kind: SignKind) -> timedelta:
    """How far from a sign of this kind another may lie that corroborates it."""
    return max(pair.within for pair in PAIRS if kind in (pair.first, pair.second))


def corroborating(sign: Sign, others: Iterable[Sign]) -> list[Sign]:
    """Those of the asset's other signs that speak for the same fault, the nearest first."""
    found = [other for other in others if any(pair.joins(sign, other) for pair in PAIRS)]
    return sorted(found, key=lambda other: abs(other.at - sign.at))


def evidence_of(others: Iterable[Sign]) -> dict[str, Any]:
    """What an alert tells of the signs that corroborate it; `signs` counts its own, too."""
    told = [
        {
            "kind": str(other.kind),
            "metric": other.metric,
            "at": other.at.isoformat(),
            "value": other.value,
        }
        for other in others
    ]
    return {"corroborated_by": told, "signs": 1 + len(told)}
