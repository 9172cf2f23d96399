"""Dry runs: what a rule would have done on the readings that are stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from iot_ingest.readings.queries import restarts_of
from iot_ingest.rules import queries
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.models import Rule
from iot_ingest.rules.queries import MOST_HISTORY
from iot_ingest.rules.replay import episodes
from kernel import clock
from kernel.errors import Invalid

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class DryEpisode:
    asset_id: UUID
    asset_name: str
    device_id: UUID
    fired_at: datetime
    cleared_at: datetime | None
    value: float | None


@dataclass(slots=True)
class DryRun:
    since: datetime
    until: datetime
    episodes: list[DryEpisode]
    readings: int = 0
    times: int = 0
    assets: int = 0
    is_complete: bool = True

    @property
    def words(self) -> dict[str, str]:
        days = (self.until - self.since).days
        return {
            "en": f"Would have fired {self.times} times on {self.assets} assets"
            f" in the last {days} days.",
            "de": f"Hätte in den letzten {days} Tagen {self.times}-mal an {self.assets} Anlagen"
            " ausgelöst.",
        }


def try_on_history(session: Session, fields: Mapping[str, Any], days: int) -> DryRun:
    """Play the readings of the last `days` through a rule that is not stored.

    Raises Invalid `thresholds_contradict` as `define` does, `model_judges` for a rule of a model.
    """
    rule = Rule(**fields)
    try:
        detector = rule.detector
    except ValueError as error:
        raise Invalid(str(error), code="thresholds_contradict") from error
    if detector.measure is Measure.MODEL:
        raise Invalid("A model is tried by its backtest.", code="model_judges")
    metrics = {detector.metric, *(companion.metric for companion in detector.companions)}
    until = clock.now(session)
    run = DryRun(until - timedelta(days=days), until, [])
    rows = queries.history(session, metrics, rule.model, run.since, until)
    assets = set()
    restarts = restarts_of(session, detector.metric, run.since)
    for (device_id, asset_id, name), readings in groupby(
        rows, key=lambda row: (row.device_id, row.asset_id, row.asset_name)
    ):
        played = _counted(run, ((row.ts, row.metric, row.value) for row in readings))
        for found in episodes(detector, played, until, restarts.get(device_id, ())):
            run.times += 1
            assets.add(asset_id)
            told = DryEpisode(
                asset_id, name, device_id, found.fired_at, found.cleared_at, found.value
            )
            run.episodes.append(told)
    run.episodes.sort(key=lambda episode: episode.fired_at)
    run.is_complete = run.readings <= MOST_HISTORY and run.times <= MOST_LISTED
    del run.episodes[MOST_LISTED:]
    run.assets = len(assets)
    return run


def _counted(
    run: DryRun, readings: Iterator[tuple[datetime, str, float]]
) -> Iterator[tuple[datetime, str, float]]:
    for reading in readings:
        run.readings += 1
        yield reading
