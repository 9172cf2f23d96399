"""L2 on SKAB: a loop with a pump and valves, eight metrics a second, faults switched on and off."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from benchmarks.predict.data import Data, find
from iot_ingest.detectors.corroboration import Corroboration

METRICS = ("Accelerometer1RMS", "Accelerometer2RMS", "Current", "Pressure", "Temperature",
           "Thermocouple", "Voltage", "Volume Flow RateRMS")  # fmt: skip
AFTER = 30
"""The water takes a while: an alert in so many seconds after a fault is still of that fault."""


def measure(data: Data) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary and a row per file. Every file begins quiet and is learned from at that time."""
    folder = find(data.judged, "skab")
    rows = [_judge(path, folder) for path in sorted(folder.glob("*/*.csv"))]
    summary = {
        "skab_events": sum(row["events"] for row in rows),
        "skab_events_found": sum(row["found"] for row in rows),
        "skab_false_alerts": sum(row["false_alerts"] for row in rows),
        "skab_hours": round(sum(row["points"] for row in rows) / 3600, 1),
    }
    return summary, rows


def _judge(path: Path, folder: Path) -> dict[str, Any]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    asset = Corroboration(METRICS)
    alerts = [
        at
        for at, row in enumerate(rows)
        if asset.opens(asset.distance([float(row[metric]) for metric in METRICS]))
    ]
    events = _events([float(row.get("anomaly") or 0) > 0 for row in rows])
    false = [at for at in alerts if not any(first <= at <= last + AFTER for first, last in events)]
    return {
        "part": "skab",
        "file": path.relative_to(folder).as_posix(),
        "points": len(rows),
        "events": len(events),
        "found": sum(any(first <= at <= last + AFTER for at in alerts) for first, last in events),
        "false_alerts": len(false),
    }


def _events(is_faulty: list[bool]) -> list[tuple[int, int]]:
    """First and last position of every fault."""
    found: list[tuple[int, int]] = []
    for at, faulty in enumerate(is_faulty):
        if faulty and found and found[-1][1] == at - 1:
            found[-1] = (found[-1][0], at)
        elif faulty:
            found.append((at, at))
    return found
