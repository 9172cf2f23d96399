"""Technicians with tools, parts and a depot: the format of Pillac, Gueret and Medaglia (2013).

Distances are Euclidean and real; here they are rounded up to thousandths, so that what fits in
whole numbers fits in real ones. The objective is the time between departure and return.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.plan.instance import SECONDS_PER_HOUR, Instance, Job, Technician

THOUSANDTHS = 1000
CENT_PER_THOUSANDTH = SECONDS_PER_HOUR
DEAR = 100_000_000
"""Cents of a request left out: more than any route."""
ROW = re.compile(r"(\d+)" + 5 * r"\s+(\S+)" + 3 * r"\s+(\[.*?\])")
CREW = re.compile(r"CREW COUNT.*\n(\d+)")


def read(path: Path) -> Instance:
    """Raises ValueError for a file in another format."""
    text = path.read_text()
    crew = CREW.search(text)
    rows = [[ast.literal_eval(word) for word in row.groups()] for row in ROW.finditer(text)]
    if crew is None or len(rows) < 2 + int(crew[1]):
        raise ValueError(f"{path.name} is not in the format of technicians and requests.")
    people = 1 + int(crew[1])
    points = np.array([row[1:3] for row in rows], dtype=np.float64)
    straight = np.hypot(*np.moveaxis(points[:, None] - points[None], 2, 0))
    return Instance(
        name=path.stem,
        technicians=tuple(
            Technician(
                id=row[0],
                start_place=row[0],
                end_place=row[0],
                start=round(row[3] * THOUSANDTHS),
                end=round(row[4] * THOUSANDTHS),
                skills=tuple((f"skill {skill}", 1) for skill in row[6]),
                travel_cents_per_hour=CENT_PER_THOUSANDTH,
                work_cents_per_hour=CENT_PER_THOUSANDTH,
                waiting_cents_per_hour=CENT_PER_THOUSANDTH,
                departs_late=True,
                parts=_parts(row[8]),
                tools=_tools(row[7]),
            )
            for row in rows[1:people]
        ),
        jobs=tuple(_request(row) for row in rows[people:]),
        travel=np.ceil(straight * THOUSANDTHS - 1e-9).astype(np.int64),
        cents_per_weight=DEAR,
        all_required=True,
        units_per_second=THOUSANDTHS,
        depot=0,
        points=tuple((float(x), float(y)) for x, y in points),
    )


def _request(row: list[Any]) -> Job:
    number, _, _, opens, closes, service, skills, tools, parts = row
    if len(skills) > 1:
        raise ValueError(f"Request {number} wants several skills.")
    return Job(
        id=number,
        place=number,
        duration_seconds=round(service * THOUSANDTHS),
        earliest=round(opens * THOUSANDTHS),
        latest=round(closes * THOUSANDTHS),
        skill=f"skill {skills[0]}" if skills else None,
        parts=_parts(parts),
        tools=_tools(tools),
    )


def _parts(pieces: list[int]) -> tuple[tuple[str, int], ...]:
    return tuple((f"part {part}", count) for part, count in enumerate(pieces) if count)


def _tools(numbers: list[int]) -> tuple[str, ...]:
    return tuple(f"tool {number}" for number in numbers)
