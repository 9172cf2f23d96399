"""Failures within a day on the PdM sample: machines with errors, replacements and failures."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.predict.data import Data, find
from iot_ingest.prognosis.failures import HORIZON_HOURS, Events, FailureModel, Machine, train

ORIGIN = datetime.fromisoformat("2015-01-01T00:00:00")
FOLDS = 5
LEARNED_SHARE = 2 / 3
"""The later-time split learns from this share of the time with failures."""


def measure(data: Data) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary counts machines that were not learned from; rows tell of every split."""
    known = read(find(data.development, "pdm"))
    if data.is_development:
        rows = [_fold(known, number) for number in range(FOLDS)]
        later = _later(known)
    else:
        judged = read(find(data.judged, "pdm"))
        model = train(known)
        rows = [{"part": "pdm", "split": "given machines", **judge(model, judged)}]
        later = None
    total = {key: sum(row[key] for row in rows) for key in _COUNTS}
    summary = {f"pdm_{key}": value for key, value in {**total, **_shares(total)}.items()}
    if later is None:
        return summary, rows
    summary |= {f"pdm_later_{key}": later[key] for key in ("precision", "recall", "false_rolls")}
    return summary, [*rows, later]


_COUNTS = ("machines", "failures", "avoided", "rolls", "wrong")


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


def judge(
    model: FailureModel, machines: Sequence[Machine], after: float = float("-inf")
) -> dict[str, Any]:
    """Somebody is sent at most once a day; the failures of the next day are avoided by that."""
    counts = dict.fromkeys(_COUNTS, 0)
    for machine in machines:
        hours = [hour for hour in machine.looks() if hour > after]
        sent: list[float] = []
        for hour, probability in zip(hours, model.probabilities(machine, hours), strict=True):
            is_due = not sent or hour - sent[-1] >= HORIZON_HOURS
            if probability >= model.threshold and is_due:
                sent.append(hour)
        failed = {hour for hour, _ in machine.failures if hour > after}
        counts["machines"] += 1
        counts["rolls"] += len(sent)
        counts["wrong"] += sum(not machine.fails_after(hour) for hour in sent)
        counts["failures"] += len(failed)
        counts["avoided"] += sum(
            any(hour < end <= hour + HORIZON_HOURS for hour in sent) for end in failed
        )
    return {**counts, **_shares(counts)}


def _shares(counts: dict[str, int]) -> dict[str, float]:
    right = counts["rolls"] - counts["wrong"]
    return {
        "precision": round(right / max(1, counts["rolls"]), 4),
        "recall": round(counts["avoided"] / max(1, counts["failures"]), 4),
        "false_rolls": round(counts["wrong"] / max(1, counts["avoided"]), 4),
    }


def _fold(machines: Sequence[Machine], number: int) -> dict[str, Any]:
    held_out = [one for at, one in enumerate(machines) if at % FOLDS == number]
    others = [one for at, one in enumerate(machines) if at % FOLDS != number]
    return {"part": "pdm", "split": f"unseen machines {number}", **judge(train(others), held_out)}


def _later(machines: Sequence[Machine]) -> dict[str, Any]:
    hours = [hour for one in machines for hour, _ in one.failures]
    until = min(hours) + LEARNED_SHARE * (max(hours) - min(hours))
    model = train([_up_to(one, until) for one in machines])
    return {"part": "pdm", "split": "later time", **judge(model, machines, until)}


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
