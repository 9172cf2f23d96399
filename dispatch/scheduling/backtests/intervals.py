"""How sure a figure is: percentile intervals from days drawn again and again."""

import random
from collections.abc import Sequence
from typing import Any

from dispatch.scheduling.backtests.figures import METRICS, metric
from dispatch.scheduling.backtests.lifecycle import Arm

ROUNDS = 1_000
COVERED_PCT = 95
DIFFERENCES = ((Arm.CANDIDATE, Arm.ACTIVE), (Arm.CANDIDATE, Arm.ACTUAL), (Arm.ACTIVE, Arm.ACTUAL))
Figure = dict[str, float | None]


def summarize(days: Sequence[dict[str, Any]], seed: int) -> dict[str, Any]:
    """Each metric of each arm and each difference of two, with the interval that holds 95 %.

    Days are drawn with replacement, the same ones for every arm, so that what a day does to all
    of them drops out of the differences (Efron 1979, paired). One day alone has no interval.
    """
    draws = _draws(len(days), seed)
    values = {
        arm: {name: _drawn(name, [day["arms"][arm] for day in days], draws) for name in METRICS}
        for arm in Arm
    }
    return {
        "days": len(days),
        "covered_pct": COVERED_PCT,
        "arms": {
            str(arm): {name: _figure(found) for name, found in own.items()}
            for arm, own in values.items()
        },
        "differences": {
            f"{first}-{second}": {
                name: _figure(_minus(values[first][name], values[second][name])) for name in METRICS
            }
            for first, second in DIFFERENCES
        },
    }


def _draws(days: int, seed: int) -> list[list[int]]:
    """All days as they are, then each draw."""
    chance = random.Random(seed)
    rounds = ROUNDS if days > 1 else 0
    return [
        list(range(days)),
        *([chance.randrange(days) for _ in range(days)] for _ in range(rounds)),
    ]


def _drawn(
    name: str, days: Sequence[dict[str, Any]], draws: Sequence[Sequence[int]]
) -> list[float | None]:
    return [metric(name, [days[number] for number in draw]) for draw in draws]


def _minus(first: Sequence[float | None], second: Sequence[float | None]) -> list[float | None]:
    return [None if a is None or b is None else a - b for a, b in zip(first, second, strict=True)]


def _figure(found: Sequence[float | None]) -> Figure:
    value, drawn = found[0], sorted(item for item in found[1:] if item is not None)
    if value is None or not drawn:
        return {"value": _short(value), "low": None, "high": None}
    tail = (100 - COVERED_PCT) / 200
    low, high = drawn[int(tail * (len(drawn) - 1))], drawn[round((1 - tail) * (len(drawn) - 1))]
    return {"value": _short(value), "low": _short(low), "high": _short(high)}


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
