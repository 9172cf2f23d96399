"""L1 on NAB: the threshold is chosen on files of other folders, or on the development data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from time import process_time
from typing import Any

from benchmarks.predict import nab, published
from benchmarks.predict.data import Data
from iot_ingest.detectors.streaming import COOL_DOWN, WARM_UP, StreamingDetector

THRESHOLDS = [1.0 + step / 10 for step in range(71)]
NEIGHBOURS = 3
"""A threshold is chosen by the mean over its neighbours, so that no single alert decides."""


@dataclass(frozen=True, slots=True)
class Scored:
    series: nab.Series
    scores: list[float]

    def alerts(self, threshold: float) -> list[int]:
        """Positions of alerts, one per cool-down, as the detector gives them."""
        found: list[int] = []
        for position, score in enumerate(self.scores):
            is_due = not found or position - found[-1] >= COOL_DOWN
            if score >= threshold and position >= WARM_UP and is_due:
                found.append(position)
        return found

    def curve(self, profile: nab.Profile) -> list[float]:
        return [nab.raw_score(self.series, self.alerts(at), profile) for at in THRESHOLDS]


def measure(data: Data) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary and a row per file."""
    cost = _Cost()
    known = [cost.score(series) for series in nab.read(data.development)]
    judged = known if data.is_development else [cost.score(one) for one in nab.read(data.judged)]
    summary: dict[str, Any] = {}
    rows = {
        one.series.name: {"part": "nab", "file": one.series.name, "points": len(one.scores)}
        for one in judged
    }
    for name, profile in nab.PROFILES.items():
        of_known = {one.series.name: one.curve(profile) for one in known}
        of_judged = of_known if data.is_development else {
            one.series.name: one.curve(profile) for one in judged
        }  # fmt: skip
        total = 0.0
        for one in judged:
            others = [
                of_known[other.series.name]
                for other in known
                if not data.is_development or other.series.group != one.series.group
            ]
            choice = choose(others)
            score = of_judged[one.series.name][choice]
            total += score
            rows[one.series.name][f"threshold_{name}"] = THRESHOLDS[choice]
            rows[one.series.name][f"raw_{name}"] = round(score, 4)
        files = [one.series for one in judged]
        summary[f"nab_{name}"] = round(nab.normalized(total, files, profile), 2)
        summary[f"nab_{name}_threshold"] = THRESHOLDS[choose(list(of_known.values()))]
    agreeing, compared = published.agreement([one.series for one in judged])
    summary["nab_files"] = len(judged)
    summary["nab_published_scores_reproduced"] = f"{agreeing} of {compared}"
    summary["detector_us"] = round(cost.microseconds, 2)
    summary["detector_state_bytes"] = cost.bytes
    return summary, list(rows.values())


def choose(curves: Sequence[Sequence[float]]) -> int:
    """The position of the threshold that is best over these files and steady around it."""
    whole = [sum(values) for values in zip(*curves, strict=True)]
    steady = [
        fmean(whole[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]) for at in range(len(whole))
    ]
    return max(range(len(steady)), key=steady.__getitem__)


class _Cost:
    """What the detector takes: time per point, and the largest state."""

    def __init__(self) -> None:
        self._seconds: list[float] = []
        self.bytes = 0

    @property
    def microseconds(self) -> float:
        """Processor time per point of the median series."""
        return 1e6 * median(self._seconds)

    def score(self, series: nab.Series) -> Scored:
        detector = StreamingDetector()
        began = process_time()
        scores = [
            detector.score(at, value)
            for at, value in zip(series.seconds, series.values, strict=True)
        ]
        self._seconds.append((process_time() - began) / len(scores))
        state = json.dumps(detector.to_json(), separators=(",", ":"))
        self.bytes = max(self.bytes, len(state))
        return Scored(series, scores)
