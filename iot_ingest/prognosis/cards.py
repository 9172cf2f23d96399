"""The card of a model: what its backtest showed, and whether that is enough to act on."""

from __future__ import annotations

from typing import Any

import numpy as np

from iot_ingest.prognosis.remaining_life import CAP, Backtest

FEWEST_MACHINES = 20
COVERAGE = (0.80, 0.98)
LARGEST_SHARE = 0.5
"""Of the error of someone who always says the mean."""


def card(tested: Backtest) -> dict[str, Any]:
    """Every cycle of every machine counts, those beyond the cap as the cap."""
    true, predicted = np.minimum(tested.true, CAP), np.minimum(tested.predicted, CAP)
    error = float(np.sqrt(((predicted - true) ** 2).mean()))
    naive = float(true.std())
    near = tested.predicted < CAP / 2
    held = float((tested.true[near] >= tested.lower[near]).mean()) if near.any() else 0.0
    machines = int(tested.machine.max()) + 1
    floors = {
        "machines": machines >= FEWEST_MACHINES,
        "rmse": error <= LARGEST_SHARE * naive,
        "coverage90": COVERAGE[0] <= held <= COVERAGE[1],
    }
    return {
        "machines": machines,
        "cycles": len(true),
        "rmse": round(error, 2),
        "rmse_of_the_mean": round(naive, 2),
        "coverage90": round(held, 3),
        "floors": floors,
        "passes": all(floors.values()),
    }
