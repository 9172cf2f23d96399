"""L1 on NAB: form and threshold are chosen on other folders, or on the development data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from time import process_time
from typing import Any

from benchmarks.predict import nab, published
from benchmarks.predict.data import Data
from iot_ingest.detectors.streaming import COOL_DOWN, WARM_UP, Form, StreamingDetector

THRESHOLDS = [1.0 + step / 10 for step in range(71)]
NEIGHBOURS = 3
"""A threshold is chosen by the mean over its neighbours, so that no single alert decides."""


FORMS = [Form(), Form(10, 5), Form(40, 5), Form(20, 3), Form(20, 10)]
"""The product's own first: it is kept when others are only as good."""
Curve = Sequence[float]
"""The raw score at each threshold."""
Choice = tuple[Form, int]


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

    def curves(self) -> dict[str, Curve]:
        """For each profile of costs."""
        found = [self.alerts(at) for at in THRESHOLDS]
        return {
            name: [nab.raw_score(self.series, alerts, profile) for alerts in found]
            for name, profile in nab.PROFILES.items()
        }


def measure(data: Data) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary and a row per file."""
    cost = _Cost()
    known = nab.read(data.development)
    judged = known if data.is_development else nab.read(data.judged)
    of_known = _curves(known, cost)
    of_judged = of_known if data.is_development else _curves(judged, cost)
    summary: dict[str, Any] = {}
    rows = {
        one.name: {"part": "nab", "file": one.name, "points": len(one.values)} for one in judged
    }
    for name, profile in nab.PROFILES.items():
        total = 0.0
        for one in judged:
            form, at = choose(
                {
                    form: [
                        curves[other.name][name]
                        for other in known
                        if not data.is_development or other.group != one.group
                    ]
                    for form, curves in of_known.items()
                }
            )
            score = of_judged[form][one.name][name]
            total += score[at]
            rows[one.name][f"form_{name}"] = _told(form)
            rows[one.name][f"threshold_{name}"] = THRESHOLDS[at]
            rows[one.name][f"raw_{name}"] = round(score[at], 4)
        form, at = choose(
            {form: [one[name] for one in curves.values()] for form, curves in of_known.items()}
        )
        summary[f"nab_{name}"] = round(nab.normalized(total, judged, profile), 2)
        summary[f"nab_{name}_form"] = _told(form)
        summary[f"nab_{name}_threshold"] = THRESHOLDS[at]
    agreeing, compared = published.agreement(judged)
    summary["nab_form_of_product"] = _told(Form())
    summary["nab_files"] = len(judged)
    summary["nab_published_scores_reproduced"] = f"{agreeing} of {compared}"
    summary["detector_us"] = round(cost.microseconds, 2)
    summary["detector_state_bytes"] = cost.bytes
    return summary, list(rows.values())


def _curves(files: Sequence[nab.Series], cost: _Cost) -> dict[Form, dict[str, dict[str, Curve]]]:
    return {form: {one.name: cost.score(one, form).curves() for one in files} for form in FORMS}


def choose(curves: Mapping[Form, Sequence[Curve]]) -> Choice:
    """The form, and the position of the threshold, that are best over these files and steady
    around it."""
    best: tuple[float, Choice] | None = None
    for form, of_form in curves.items():
        whole = [sum(values) for values in zip(*of_form, strict=True)]
        for at in range(len(whole)):
            steady = fmean(whole[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1])
            if best is None or steady > best[0]:
                best = (steady, (form, at))
    assert best is not None
    return best[1]


def _told(form: Form) -> str:
    return f"means of {form.long} and {form.short}"


class _Cost:
    """What the product's own form takes: time per point, and the largest state."""

    def __init__(self) -> None:
        self._seconds: list[float] = []
        self.bytes = 0

    @property
    def microseconds(self) -> float:
        """Processor time per point of the median series."""
        return 1e6 * median(self._seconds)

    def score(self, series: nab.Series, form: Form) -> Scored:
        detector = StreamingDetector(form=form)
        began = process_time()
        scores = [
            detector.score(at, value)
            for at, value in zip(series.seconds, series.values, strict=True)
        ]
        if form == Form():
            self._seconds.append((process_time() - began) / len(scores))
            state = json.dumps(detector.to_json(), separators=(",", ":"))
            self.bytes = max(self.bytes, len(state))
        return Scored(series, scores)
