"""From means of single metrics to vectors of all; plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from iot_ingest.readings.means import Mean

LONGEST_GAP = timedelta(hours=1)
Latest = dict[str, tuple[datetime, float]]


def vectors(
    means: Iterable[Mean], metrics: Sequence[str], latest: Latest
) -> Iterator[tuple[datetime, list[float]]]:
    """One for each stretch in which something came, the other metrics as they were; none while one
    of them has not been heard for an hour. `latest` is what was heard before, and is kept up."""
    for begin, group in groupby(means, key=lambda mean: mean.begin):
        for mean in group:
            latest[mean.metric] = (begin, mean.value)
        heard = [latest.get(metric) for metric in metrics]
        values = [one[1] for one in heard if one is not None and begin - one[0] <= LONGEST_GAP]
        if len(values) == len(metrics):
            yield begin, values


def latest_to_json(latest: Latest) -> dict[str, list[object]]:
    return {metric: [at.isoformat(), value] for metric, (at, value) in latest.items()}


def latest_from_json(found: dict[str, list[object]]) -> Latest:
    return {
        metric: (datetime.fromisoformat(str(at)), float(str(value)))
        for metric, (at, value) in found.items()
    }


def moment_from_json(found: object) -> datetime | None:
    return datetime.fromisoformat(found) if isinstance(found, str) else None
