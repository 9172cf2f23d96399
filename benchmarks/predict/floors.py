"""The figures that must not be broken: floor, goal, and which way is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """Bounds of a key of the summary; `low` and `high` are both floors where both are given."""

    what: str
    key: str
    low: float | None = None
    high: float | None = None
    goal_low: float | None = None
    goal_high: float | None = None
    cases: str = ""
    """For a share: the key of the cases it is a share of."""

    def is_kept(self, value: float, cases: float | None = None) -> bool:
        """A share of few cases breaks a floor only when its 95 % interval lies wholly beyond."""
        lowest, highest = (value, value) if not cases else _wilson(value, cases)
        above = self.low is None or highest >= self.low
        return above and (self.high is None or lowest <= self.high)

    def is_reached(self, value: float) -> bool:
        above = self.goal_low is None or value >= self.goal_low
        return above and (self.goal_high is None or value <= self.goal_high)

    @property
    def floor(self) -> str:
        return _bounds(self.low, self.high)

    @property
    def goal(self) -> str:
        return _bounds(self.goal_low, self.goal_high)


NAB_DEVELOPMENT, NAB_UNSEEN = 62.0, 54.0
FIGURES = (
    Figure("FD001 RMSE capped at 125 cycles", "fd001_rmse_capped", high=13, goal_high=10.5),
    Figure("FD001 RMSE raw", "fd001_rmse_raw", high=14, goal_high=11.5),
    Figure("FD001 NASA score raw", "fd001_nasa_raw", high=350, goal_high=180),
    Figure("90 % lower bound kept, predicted below 60 cycles", "coverage90",
           low=0.80, high=0.98, goal_low=0.88, goal_high=0.93, cases="coverage90_cases"),
    Figure("PdM unseen machines, precision", "pdm_precision", low=0.80, goal_low=0.90,
           cases="pdm_rolls"),
    Figure("PdM unseen machines, recall", "pdm_recall", low=0.90, goal_low=0.96,
           cases="pdm_failures"),
    Figure("PdM false rolls per avoided failure", "pdm_false_rolls", high=0.30, goal_high=0.10),
    Figure("Detector, microseconds per point", "detector_us", high=25, goal_high=6),
    Figure("Detector, bytes of state", "detector_state_bytes", high=8000, goal_high=4000),
)  # fmt: skip


def figures(*, is_development: bool) -> tuple[Figure, ...]:
    """NAB has one floor on the development files and another on files never seen."""
    if is_development:
        nab = Figure("NAB standard, form and threshold chosen without the folder", "nab_standard",
                     low=NAB_DEVELOPMENT, goal_low=70)  # fmt: skip
    else:
        nab = Figure("NAB standard, files never seen", "nab_standard", low=NAB_UNSEEN, goal_low=65)
    return nab, *FIGURES


def broken(summary: Mapping[str, Any], *, is_development: bool) -> list[str]:
    """The keys of the figures measured that are beyond their floor."""
    return [
        figure.key
        for figure in figures(is_development=is_development)
        if summary.get(figure.key) is not None
        and not figure.is_kept(summary[figure.key], summary.get(figure.cases))
    ]


def _bounds(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f">= {low:g}" if low is not None else f"<= {high:g}"


def _wilson(share: float, cases: float) -> tuple[float, float]:
    """E. Wilson: Probable Inference, 1927; at 95 %."""
    z = 1.96
    middle = share + z * z / (2 * cases)
    width = z * sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    whole = 1 + z * z / cases
    return (middle - width) / whole, (middle + width) / whole
