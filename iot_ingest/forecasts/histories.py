"""From rows of the database to what models read: tables of cycles, and machines with events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from iot_ingest.forecasts.subjects import HOUR
from iot_ingest.prognosis.machines import Machine
from iot_ingest.prognosis.trees import Table
from iot_ingest.readings.means import Mean

YEAR = timedelta(days=365.25)


@dataclass(frozen=True, slots=True)
class Service:
    """Work that was done on an asset. `fault_class` is None for planned work, `word` names either;
    a fault that nobody found is none."""

    reported_at: datetime
    completed_at: datetime
    word: str
    fault_class: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an asset itself."""

    name: str
    model: str
    since: date


def lives_between(
    services: Iterable[Service], fault_class: str | None, begin: datetime
) -> tuple[list[tuple[datetime, datetime]], datetime]:
    """The stretches that ended with a repair of the fault, and the beginning of the present one."""
    ended = []
    for one in services:
        if one.fault_class is not None and fault_class in (None, one.fault_class):
            if one.reported_at > begin:
                ended.append((begin, one.reported_at))
            begin = max(begin, one.completed_at)
    return ended, begin


def table_of(cycles: Iterable[Mean], metrics: Sequence[str]) -> Table | None:
    """Cycles x metrics in order of time, a metric without readings as it was before. Begins when
    each was measured once; None when one never was. Cycles without any reading do not count."""
    latest: dict[str, float] = {}
    rows: dict[datetime, list[float]] = {}
    for one in cycles:
        latest[one.metric] = one.value
        if len(latest) == len(metrics):
            rows[one.begin] = [latest[metric] for metric in metrics]
    return np.array(list(rows.values())) if rows else None


def machine_of(
    facts: Facts,
    errors: Iterable[tuple[datetime, str]],
    services: Iterable[Service],
    fault_class: str | None,
    now: datetime,
) -> Machine:
    """Hours count from 1970, so that the hour of the day is known. A failure is known from when it
    was reported, a replacement from when it was done."""
    done = list(services)
    failed = [
        (_hours(one.reported_at), one.word)
        for one in done
        if one.fault_class is not None and fault_class in (None, one.fault_class)
    ]
    return Machine(
        facts.name,
        facts.model,
        max(0.0, (now.date() - facts.since) / YEAR),
        tuple((_hours(at), metric) for at, metric in errors),
        tuple(sorted((_hours(one.completed_at), one.word) for one in done)),
        tuple(sorted(failed)),
    )


def _hours(moment: datetime) -> float:
    return moment.timestamp() / HOUR.total_seconds()
