"""The card of a model: what its backtest showed, and whether that is enough to act on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from iot_ingest.prognosis import failures, repairs
from iot_ingest.prognosis.calibration import Calibration
from iot_ingest.prognosis.remaining_life import CAP, Backtest
from iot_ingest.prognosis.trees import Table

FEWEST_MACHINES = 20
FEWEST_FAILURES = 20
COVERAGE = (0.80, 0.98)
LARGEST_SHARE = 0.5
"""Of the error of someone who always says the mean."""


LEAST_GAIN = 0.02
"""Nats per failure over a constant rate: with less, going there by age prevents nothing."""
LEAST_RECALL = 0.5
MOST_FALSE_ROLLS = 0.5
"""Journeys for nothing per failure avoided."""
LARGEST_GAP = 0.10
"""Between what was said and what came true, in the mean over tenths of the cases."""


def card(tested: Backtest, machines: int | None = None) -> dict[str, Any]:
    """Every cycle of every life counts, those beyond the cap as the cap; `machines` lived them
    (each one)."""
    error, held = errors(tested.true, tested.predicted, tested.lower)
    naive = float(np.minimum(tested.true, CAP).std())
    machines = machines or int(tested.machine.max()) + 1
    floors = {
        "machines": machines >= FEWEST_MACHINES,
        "rmse": error <= LARGEST_SHARE * naive,
        "coverage90": COVERAGE[0] <= held <= COVERAGE[1],
    }
    return {
        "machines": machines,
        "cycles": len(tested.true),
        "rmse": round(error, 2),
        "rmse_of_the_mean": round(naive, 2),
        "coverage90": round(held, 3),
        "floors": floors,
        "passes": all(floors.values()),
    }


def errors(true: Table, predicted: Table, lower: Table) -> tuple[float, float]:
    """Root of the mean squared error in cycles, both sides capped; and how often the lower bound
    held where the end was foretold to be near, 0 where it never was."""
    error = float(np.sqrt(((np.minimum(predicted, CAP) - np.minimum(true, CAP)) ** 2).mean()))
    near = predicted < CAP / 2
    return error, float((true[near] >= lower[near]).mean()) if near.any() else 0.0


def failure_card(tested: failures.Backtest) -> dict[str, Any]:
    """What sending somebody at the threshold would have come to, and whether probabilities mean
    what they say: each half of the machines calibrated on the other."""
    counted = tested.rolls(tested.threshold)
    gap = _gap(tested)
    recall, false_rolls = counted.recall or 0.0, counted.false_rolls
    floors = {
        "machines": counted.machines >= FEWEST_MACHINES,
        "failures": counted.failures >= FEWEST_FAILURES,
        "recall": recall >= LEAST_RECALL,
        "false_rolls": false_rolls is not None and false_rolls <= MOST_FALSE_ROLLS,
        "calibration": gap <= LARGEST_GAP,
    }
    return {
        "machines": counted.machines,
        "failures": counted.failures,
        "precision": round(counted.precision or 0.0, 3),
        "recall": round(recall, 3),
        "false_rolls": None if false_rolls is None else round(false_rolls, 3),
        "calibration_gap": round(gap, 3),
        "floors": floors,
        "passes": all(floors.values()),
    }


def repair_card(tested: Sequence[repairs.Judged]) -> dict[str, Any]:
    """What curves from repairs said of machines that they did not come from."""
    machines = len({one.spell.machine for one in tested})
    failed = sum(one.spell.failed for one in tested)
    held, gain = repairs.coverage(tested), repairs.gain(tested)
    floors = {
        "machines": machines >= FEWEST_MACHINES,
        "failures": failed >= FEWEST_FAILURES,
        "coverage90": COVERAGE[0] <= held <= COVERAGE[1],
        "gain": gain is not None and gain >= LEAST_GAIN,
    }
    return {
        "machines": machines,
        "failures": failed,
        "coverage90": round(held, 3),
        "gain": None if gain is None else round(gain, 3),
        "floors": floors,
        "passes": all(floors.values()),
    }


def _gap(tested: failures.Backtest) -> float:
    said = np.zeros(len(tested.fails))
    is_odd = tested.machine % 2 == 1
    for mine in (is_odd, ~is_odd):
        if mine.any() and not mine.all():
            others = Calibration.fit(tested.probability[~mine], tested.fails[~mine])
            said[mine] = others.calibrated(tested.probability[mine])
    return _mean_gap(said, tested.fails)


def _mean_gap(said: Table, happened: Table) -> float:
    tenths = np.array_split(np.argsort(said, kind="stable"), min(10, len(said)))
    gaps = [abs(float(said[part].mean() - happened[part].mean())) for part in tenths]
    return float(np.average(gaps, weights=[len(part) for part in tenths]))
