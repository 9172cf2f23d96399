"""Vehicle routing with time windows: Solomon's format, in tenths, as the best-known values count.

Distances are Euclidean, truncated to one decimal; the objective is distance alone and any number
of the vehicles may be used (DIMACS).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.plan.instance import SECONDS_PER_HOUR, Instance, Job, Technician

TENTHS = 10
CENT_PER_TENTH = SECONDS_PER_HOUR
DEAR = 10_000_000
"""Cents of a customer left out: more than any tour."""


def read(path: Path) -> Instance:
    """Raises ValueError for a file in another format."""
    numbers = [line.split() for line in path.read_text().splitlines()]
    rows = [[float(word) for word in words] for words in numbers if _are_numbers(words)]
    fleets = [row for row in rows if len(row) == 2]
    customers = [row for row in rows if len(row) == 7]
    if len(fleets) != 1 or not customers:
        raise ValueError(f"{path.name} is not in Solomon's format.")
    (vehicles, capacity), (depot, *others) = fleets[0], customers
    places = np.array([row[1:3] for row in customers])
    straight = np.hypot(*np.moveaxis(places[:, None] - places[None], 2, 0))
    return Instance(
        name=path.stem,
        technicians=tuple(
            Technician(
                id=number + 1,
                start_place=0,
                end_place=0,
                start=round(depot[4] * TENTHS),
                end=round(depot[5] * TENTHS),
                travel_cents_per_hour=CENT_PER_TENTH,
                capacity=round(capacity),
            )
            for number in range(round(vehicles))
        ),
        jobs=tuple(
            Job(
                id=round(row[0]),
                place=number,
                duration_seconds=round(row[6] * TENTHS),
                earliest=round(row[4] * TENTHS),
                latest=round(row[5] * TENTHS),
                load=round(row[3]),
            )
            for number, row in enumerate(others, start=1)
        ),
        travel=np.floor(straight * TENTHS + 1e-9).astype(np.int64),
        cents_per_weight=DEAR,
        all_required=True,
        units_per_second=TENTHS,
    )


def _are_numbers(words: list[str]) -> bool:
    return bool(words) and all(word.replace(".", "", 1).isdigit() for word in words)
