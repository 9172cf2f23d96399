"""L2 on SKAB: a loop with a pump and valves, eight metrics a second, faults switched on and off."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.predict.data import Data, find
from iot_ingest.detectors.corroboration import Corroboration, Form

METRICS = ("Accelerometer1RMS", "Accelerometer2RMS", "Current", "Pressure", "Temperature",
           "Thermocouple", "Voltage", "Volume Flow RateRMS")  # fmt: skip
AFTER = 30
"""The water takes a while: an alert in so many seconds after a fault is still of that fault."""


FORMS = [Form(), *(Form(weight, room) for weight in (0.05, 0.1, 0.2) for room in (3.0, 4.0, 5.0)
                  if Form(weight, room) != Form())]  # fmt: skip
"""The product's own first: it is kept when others are only as good."""


def measure(data: Data) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary and a row per file. Every file begins quiet and is learned from at that time;
    the form is chosen on the files of other folders, or for other data on all development files.
    """
    known = {form: _judge_all(data.development, form) for form in FORMS}
    rows: list[dict[str, Any]] = []
    if data.is_development:
        for folder in sorted({row["folder"] for row in known[FORMS[0]]}):
            form = choose(known, but=folder)
            rows += [row for row in known[form] if row["folder"] == folder]
    else:
        rows = _judge_all(data.judged, choose(known))
    summary = {
        "skab_events": sum(row["events"] for row in rows),
        "skab_events_found": sum(row["found"] for row in rows),
        "skab_false_alerts": sum(row["false_alerts"] for row in rows),
        "skab_hours": round(sum(row["points"] for row in rows) / 3600, 1),
        "skab_form": _told(choose(known)),
        "skab_form_of_product": _told(Form()),
    }
    return summary, rows


def choose(known: Mapping[Form, Sequence[Mapping[str, Any]]], but: str | None = None) -> Form:
    """The form that finds the most less its false alerts, over all folders but one."""

    def worth(form: Form) -> int:
        rows = (row for row in known[form] if row["folder"] != but)
        return sum(row["found"] - row["false_alerts"] for row in rows)

    return max(known, key=worth)


def _told(form: Form) -> str:
    return f"weight {form.weight}, room {form.room}"


def _judge_all(root: Path, form: Form) -> list[dict[str, Any]]:
    folder = find(root, "skab")
    return [_judge(path, folder, form) for path in sorted(folder.glob("*/*.csv"))]


@cache
def _read(path: Path) -> tuple[list[list[float]], list[bool]]:
    """The vectors of a file, and whether each is of a fault."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    vectors = [[float(row[metric]) for metric in METRICS] for row in rows]
    return vectors, [float(row.get("anomaly") or 0) > 0 for row in rows]


def _judge(path: Path, folder: Path, form: Form) -> dict[str, Any]:
    vectors, is_faulty = _read(path)
    asset = Corroboration(METRICS, form)
    alerts = [at for at, vector in enumerate(vectors) if asset.opens(asset.distance(vector))]
    events = _events(is_faulty)
    false = [at for at in alerts if not any(first <= at <= last + AFTER for first, last in events)]
    return {
        "part": "skab",
        "file": path.relative_to(folder).as_posix(),
        "folder": path.parent.name,
        "form": _told(form),
        "points": len(vectors),
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
