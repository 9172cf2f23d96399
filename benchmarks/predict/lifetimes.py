"""Remaining life on C-MAPSS: turbofan engines run to failure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.predict.data import Data, NotRunError, find
from iot_ingest.prognosis import remaining_life
from iot_ingest.prognosis.remaining_life import CAP, Backtest, Outlook
from iot_ingest.prognosis.trees import Table

METRICS = [*(f"setting {n}" for n in range(1, 4)), *(f"sensor {n}" for n in range(1, 22))]
DRAWS = 20
LEAST_LEFT, MOST_LEFT, LEAST_SEEN = 7, 145, 31
"""Where the published test sets of FD001 are cut: cycles left and cycles seen."""
SURE_BELOW = 60.0


def measure(data: Data) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Trained on train_FD001 alone; judged on held-out engines, or on the test sets there are."""
    lives = read(find(data.development, "cmapss", "train_FD001.txt"))
    tested = remaining_life.backtest(lives, METRICS)
    if data.is_development:
        return _held_out(tested)
    tests = sorted((data.judged / "cmapss").glob("test_FD00?.txt"))
    if not tests:
        raise NotRunError("no cmapss/test_FD00x.txt to be judged")
    model = remaining_life.train(lives, METRICS, tested)
    rows = [_unseen(path, model) for path in tests]
    summary = {}
    for row in rows:
        if row["file"] == "test_FD001.txt":
            summary = {f"fd001_{key}": row[key] for key in ("rmse_capped", "rmse_raw", "nasa_raw")}
            summary |= {key: row[key] for key in ("coverage90", "coverage90_cases")}
            summary["fd001_engines"] = row["engines"]
        else:
            name = row["file"][5:10].lower()
            summary[f"{name}_unknown_pct"] = row["unknown_pct"]
            summary[f"{name}_rmse_raw"] = row["rmse_raw"]
    return summary, rows


def read(path: Path) -> list[Table]:
    """Per engine its cycles x METRICS."""
    table = np.loadtxt(path)
    return [table[table[:, 0] == engine][:, 2:26] for engine in np.unique(table[:, 0])]


def nasa(predicted: Table, true: Table) -> float:
    """A. Saxena et al., PHM 2008: being late costs more than being early."""
    late = predicted - true
    return float(np.where(late < 0, np.exp(-late / 13) - 1, np.exp(late / 10) - 1).sum())


def rmse(predicted: Table, true: Table) -> float:
    return float(np.sqrt(((predicted - true) ** 2).mean()))


def _held_out(tested: Backtest) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    rows = [_drawn(tested, seed, anywhere=False) for seed in range(DRAWS)]
    anywhere = [_drawn(tested, seed, anywhere=True) for seed in range(DRAWS)]
    mean = {key: float(np.mean([row[key] for row in rows])) for key in _KEYS}
    spread = {key: float(np.std([row[key] for row in rows])) for key in _KEYS}
    summary: dict[str, Any] = {
        "fd001_rmse_capped": round(mean["rmse_capped"], 2),
        "fd001_rmse_raw": round(mean["rmse_raw"], 2),
        "fd001_nasa_raw": round(mean["nasa_raw"], 1),
        "coverage90": round(mean["coverage90"], 3),
        "coverage90_cases": round(float(np.mean([row["coverage90_cases"] for row in rows]))),
        "fd001_deviation": {key: round(spread[key], 2) for key in _KEYS},
        "fd001_rmse_capped_any_cycle": round(
            float(np.mean([row["rmse_capped"] for row in anywhere])), 2
        ),
        "fd001_rmse_raw_any_cycle": round(float(np.mean([row["rmse_raw"] for row in anywhere])), 2),
        "fd001_engines": int(tested.machine.max()) + 1,
    }
    return summary, [*rows, *_pairs(tested)]


_KEYS = ("rmse_capped", "rmse_raw", "nasa_raw", "coverage90")


def _drawn(tested: Backtest, seed: int, *, anywhere: bool) -> dict[str, Any]:
    """Every engine cut at one random cycle."""
    draw = np.random.default_rng(seed)
    at = np.array([_cut(tested, machine, draw, anywhere) for machine in np.unique(tested.machine)])
    row = _errors(tested.predicted[at], tested.lower[at], tested.true[at])
    return {"part": "fd001", "seed": seed, **row}


def _cut(tested: Backtest, machine: int, draw: np.random.Generator, anywhere: bool) -> int:
    rows = np.flatnonzero(tested.machine == machine)
    cycles = np.arange(1, len(rows) + 1)
    left = tested.true[rows]
    fits = (left >= LEAST_LEFT) & (left <= MOST_LEFT) & (cycles >= LEAST_SEEN)
    return int(draw.choice(rows if anywhere else rows[fits]))


def _unseen(path: Path, model: remaining_life.RemainingLife) -> dict[str, Any]:
    true = np.loadtxt(find(path.parent, path.name.replace("test_", "RUL_"))).reshape(-1)
    found = [model.outlook(engine) for engine in read(path)]
    last = Outlook(
        np.array([one.cycles[-1] for one in found]),
        np.array([one.lower[-1] for one in found]),
        np.array([one.is_known[-1] for one in found]),
    )
    return {
        "part": "fd001",
        "file": path.name,
        "engines": len(true),
        **_errors(last.cycles, last.lower, true),
        "unknown_pct": round(100 * float((~last.is_known).mean()), 1),
    }


def _errors(predicted: Table, lower: Table, true: Table) -> dict[str, Any]:
    sure = predicted < SURE_BELOW
    return {
        "rmse_capped": round(rmse(np.minimum(predicted, CAP), np.minimum(true, CAP)), 3),
        "rmse_raw": round(rmse(predicted, true), 3),
        "nasa_raw": round(nasa(predicted, true), 1),
        "coverage90": round(float((true[sure] >= lower[sure]).mean()), 3) if sure.any() else None,
        "coverage90_cases": int(sure.sum()),
    }


def _pairs(tested: Backtest) -> list[dict[str, Any]]:
    """One cut per engine for the plot."""
    draw = np.random.default_rng(0)
    at = [_cut(tested, machine, draw, False) for machine in np.unique(tested.machine)]
    return [
        {
            "part": "fd001-engine",
            "true": round(float(tested.true[i])),
            "predicted": round(float(tested.predicted[i]), 1),
            "lower": round(float(tested.lower[i]), 1),
        }
        for i in at
    ]
