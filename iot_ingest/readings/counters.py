"""Counters that began anew, told as if they had gone on; plain Python."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime

Falls = list[tuple[datetime, float]]
"""When a counter began anew, and by how much it fell; in order of time."""


def continued(
    readings: Iterable[tuple[datetime, float]], falls: Falls
) -> Iterator[tuple[datetime, float]]:
    """Each reading plus all falls up to it: the course of a counter without its restarts."""
    moments = [moment for moment, _ in falls]
    lifted = [0.0]
    for _, fell_by in falls:
        lifted.append(lifted[-1] + fell_by)
    for ts, value in readings:
        yield ts, value + lifted[bisect_right(moments, ts)]
