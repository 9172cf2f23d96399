"""Failure rates by age: how often what stands there fails, and when in its life; plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from iot_ingest.learning.lifecycle import Estimate, rate

YEAR = timedelta(days=365.25)
BANDS: tuple[tuple[int, int], ...] = ((0, 1), (1, 2), (2, 5), (5, 10), (10, 100))
"""Years of age, `[from, to)`."""


@dataclass(frozen=True, slots=True)
class Life:
    """One asset while it was watched: from `since` to `until`, and when it failed."""

    installed_at: datetime
    since: datetime
    until: datetime
    failures: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Band:
    from_years: int
    to_years: int
    asset_years: float
    failures: int
    hazard: Estimate | None


@dataclass(frozen=True, slots=True)
class Group:
    """`rate` counts failures per asset and year."""

    assets: int
    asset_years: float
    failures: int
    rate: Estimate | None
    bands: list[Band]


def group_of(lives: Iterable[Life]) -> Group:
    exposure = [timedelta(0)] * len(BANDS)
    failures = [0] * len(BANDS)
    assets = 0
    for life in lives:
        assets += 1
        for index, (start, end) in enumerate(BANDS):
            first = max(life.since, life.installed_at + start * YEAR)
            last = min(life.until, life.installed_at + end * YEAR)
            exposure[index] += max(last - first, timedelta(0))
            failures[index] += sum(first <= moment < last for moment in life.failures)
    years = [stretch / YEAR for stretch in exposure]
    bands = [
        Band(*band, round(spent, 3), failed, rate(failed, spent))
        for band, spent, failed in zip(BANDS, years, failures, strict=True)
        if spent
    ]
    whole = sum(years)
    return Group(assets, round(whole, 3), sum(failures), rate(sum(failures), whole), bands)
