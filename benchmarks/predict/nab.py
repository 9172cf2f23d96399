"""The Numenta Anomaly Benchmark: its series, and its scorer written anew from its description.

A. Lavin, S. Ahmad: Evaluating Real-time Anomaly Detection Algorithms - the Numenta Anomaly
Benchmark, 2015. An alert within a window earns up to 1, the earlier the more, once per window; a
missed window costs `miss`; an alert outside costs up to `false_alert`, the farther from the last
window the more. The first 15 % of a file, at most 750 points, are not judged. 0 is silence, 100 is
every window at its first point and nothing else.
"""

from __future__ import annotations

import csv
import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.predict.data import find

PROBATION, LONGEST_PROBATION = 0.15, 750
FAR = 3.0
"""Window widths behind a window from which a false alert costs all of its price."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What mistakes cost."""

    false_alert: float
    miss: float


PROFILES = {
    "standard": Profile(0.11, 1.0),
    "low_fp": Profile(0.22, 1.0),
    "low_fn": Profile(0.11, 2.0),
}


@dataclass(frozen=True, slots=True)
class Series:
    """One file; windows are pairs of first and last position."""

    name: str
    seconds: list[float]
    values: list[float]
    windows: tuple[tuple[int, int], ...]

    @property
    def group(self) -> str:
        return self.name.partition("/")[0]

    @property
    def probation(self) -> int:
        return min(math.floor(PROBATION * len(self.values)), LONGEST_PROBATION)


def read(folder: Path) -> list[Series]:
    """Every series with known windows below `folder`/nab. Raises NotRunError without them."""
    windows = json.loads(find(folder, "nab", "windows.json").read_text())
    data = find(folder, "nab", "data")
    return [
        _read_series(path, name, windows[name])
        for path in sorted(data.glob("*/*.csv"))
        if (name := f"{path.parent.name}/{path.name}") in windows
    ]


def _read_series(path: Path, name: str, windows: Sequence[Sequence[str]]) -> Series:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    times = [datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC) for row in rows]
    first_at = {time: position for position, time in reversed(list(enumerate(times)))}
    bounds = [[datetime.fromisoformat(end).replace(tzinfo=UTC) for end in pair] for pair in windows]
    return Series(
        name,
        [time.timestamp() for time in times],
        [float(row["value"]) for row in rows],
        tuple(
            (first_at.get(start, bisect_left(times, start)),
             first_at.get(end, bisect_right(times, end) - 1))
            for start, end in bounds
            if times and start <= times[-1] and end >= times[0]
        ),
    )  # fmt: skip


def closeness(widths: float) -> float:
    """1 far before the end of a window, 0 at its end, -1 far behind it."""
    return -1.0 if widths >= FAR else 2 / (1 + math.exp(5 * widths)) - 1


def raw_score(series: Series, alerts: Sequence[int], profile: Profile) -> float:
    """The score of one file in windows, for alerts at these positions."""
    best = {window: -profile.miss for window in series.windows if window[1] >= series.probation}
    wrong = 0.0
    for position in alerts:
        if position < series.probation:
            continue
        before = None
        for start, end in series.windows:
            if start <= position <= end:
                width = end - start + 1
                gained = closeness(-(end - position + 1) / width) / closeness(-1.0)
                best[start, end] = max(best[start, end], gained)
                break
            if end < position:
                before = (start, end)
        else:
            behind = FAR if before is None else (position - before[1]) / (before[1] - before[0])
            wrong += profile.false_alert * closeness(behind)
    return wrong + sum(best.values())


def normalized(raw: float, files: Sequence[Series], profile: Profile) -> float:
    """The sum of raw scores on the scale from silence to perfection."""
    windows = sum(end >= one.probation for one in files for _, end in one.windows)
    silence = -profile.miss * windows
    return 100 * (raw - silence) / (windows - silence) if windows else 0.0
