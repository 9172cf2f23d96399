"""Failures within a day on the PdM sample: machines with errors, replacements and failures."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.predict.data import Data, find
from iot_ingest.prognosis.failures import FailureModel, backtest, train
from iot_ingest.prognosis.machines import HORIZON_HOURS, Events, Machine
from iot_ingest.prognosis.rolls import Rolls, count_rolls

ORIGIN = datetime.fromisoformat("2015-01-01T00:00:00")
FOLDS = 5
LEARNED_SHARE = 2 / 3
"""The later-time split learns from this share of the time with failures."""


def measure(data: Data) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary counts machines that were not learned from; rows tell of every split."""
    known = read(find(data.development, "pdm"))
    if not data.is_development:
        total = judge(_learn(known), read(find(data.judged, "pdm")))
        return _summary(total), [_row("given machines", total)]
    parts = [_fold(known, number) for number in range(FOLDS)]
    later = _later(known)
    rows = [_row(f"machines {number}", one) for number, one in enumerate(parts)]
    told = {f"pdm_later_{key}": value for key, value in _shares(later).items()}
    return _summary(sum(parts, Rolls())) | told, [*rows, _row("later time", later)]


def _summary(total: Rolls) -> dict[str, Any]:
    return {f"pdm_{key}": value for key, value in {**asdict(total), **_shares(total)}.items()}


def read(folder: Path) -> list[Machine]:
    errors = _events(find(folder, "PdM_errors.csv"), "errorID")
    replacements = _events(find(folder, "PdM_maint.csv"), "comp")
    failures = _events(find(folder, "PdM_failures.csv"), "failure")
    with find(folder, "PdM_machines.csv").open(newline="") as file:
        return [
            Machine(
                row["machineID"],
                row["model"],
                float(row["age"]),
                *(found.get(row["machineID"], ()) for found in (errors, replacements, failures)),
            )
            for row in csv.DictReader(file)
        ]


def judge(model: FailureModel, machines: Sequence[Machine], after: float = float("-inf")) -> Rolls:
    counted = Rolls()
    for machine in machines:
        hours = [hour for hour in machine.looks() if hour > after]
        chances = model.probabilities(machine, hours)
        counted += count_rolls(machine, hours, chances, model.threshold, after)
    return counted


def _row(split: str, counted: Rolls) -> dict[str, Any]:
    return {"part": "pdm", "split": split, **asdict(counted), **_shares(counted)}


def _shares(counted: Rolls) -> dict[str, float]:
    """Those that can be told: without failures nothing is known of recall."""
    found = {name: getattr(counted, name) for name in ("precision", "recall", "false_rolls")}
    return {name: round(value, 4) for name, value in found.items() if value is not None}


def _learn(machines: Sequence[Machine]) -> FailureModel:
    return train(machines, backtest(machines))


def _fold(machines: Sequence[Machine], number: int) -> Rolls:
    held_out = [one for at, one in enumerate(machines) if at % FOLDS == number]
    others = [one for at, one in enumerate(machines) if at % FOLDS != number]
    return judge(_learn(others), held_out)


def _later(machines: Sequence[Machine]) -> Rolls:
    hours = [hour for one in machines for hour, _ in one.failures]
    until = min(hours) + LEARNED_SHARE * (max(hours) - min(hours))
    return judge(_learn([_up_to(one, until) for one in machines]), machines, until)


def _up_to(machine: Machine, until: float) -> Machine:
    """The last day before `until` has no known outcome: its errors are left out."""
    return Machine(
        machine.name,
        machine.model,
        machine.age_years,
        tuple(event for event in machine.errors if event[0] < until - HORIZON_HOURS),
        tuple(event for event in machine.replacements if event[0] <= until),
        tuple(event for event in machine.failures if event[0] <= until),
    )


def _events(path: Path, column: str) -> dict[str, Events]:
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            since = datetime.fromisoformat(row["datetime"]) - ORIGIN
            found[row["machineID"]].append((since.total_seconds() / 3600, row[column]))
    return {machine: tuple(sorted(events)) for machine, events in found.items()}
