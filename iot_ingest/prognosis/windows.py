"""Features of a machine's life from its readings so far: nothing looks ahead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from iot_ingest.prognosis.trees import Table

Counts = NDArray[np.intp]

MEANS = (5, 15, 40)
SLOPES = (30, 80)
FIRST = 20
"""What a machine showed in its first cycles is its own normal."""


def names(metrics: Sequence[str]) -> list[str]:
    found = ["cycles"]
    for metric in metrics:
        found += [f"{metric} mean {width}" for width in MEANS]
        found += [f"{metric} slope {width}" for width in SLOPES]
        found.append(f"{metric} change")
    return found


def features(readings: Table) -> Table:
    """A row per cycle from the readings of one machine (cycles x metrics), in `names` order."""
    cycles, metrics = readings.shape
    count: Counts = np.arange(1, cycles + 1)
    sums = _running(readings)
    weighted = _running(readings * count[:, None])
    means = {width: _mean(sums, count, width) for width in (*MEANS, *SLOPES)}
    own = _mean(sums, np.minimum(count, FIRST), FIRST)
    columns = [count[:, None].astype(float)]
    for metric in range(metrics):
        columns += [means[width][:, [metric]] for width in MEANS]
        columns += [
            _slope(weighted[:, [metric]], means[width][:, [metric]], count, width)
            for width in SLOPES
        ]
        columns.append(means[MEANS[1]][:, [metric]] - own[:, [metric]])
    return np.hstack(columns)


def recent(readings: Table) -> Table:
    """What each metric was lately, a row per cycle: by this a guard knows its machines."""
    count: Counts = np.arange(1, len(readings) + 1)
    return _mean(_running(readings), count, MEANS[1])


def _running(values: Table) -> Table:
    return np.vstack([np.zeros((1, values.shape[1])), values.cumsum(0)])


def _mean(sums: Table, until: Counts, width: int) -> Table:
    start = np.maximum(0, until - width)
    return np.asarray((sums[until] - sums[start]) / (until - start)[:, None])


def _slope(weighted: Table, mean: Table, count: Counts, width: int) -> Table:
    """Of the line through the last `width` points, by least squares."""
    start = np.maximum(0, count - width)
    points = (count - start)[:, None]
    middle = (start + 1 + count)[:, None] / 2
    covariance = (weighted[count] - weighted[start]) / points - middle * mean
    return np.asarray(np.where(points > 2, covariance / np.maximum(1, (points**2 - 1) / 12), 0.0))
