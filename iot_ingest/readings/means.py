"""Readings of one metric in one stretch of time, as their mean; plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mean:
    """Of all readings in the stretch that begins at `begin`."""

    begin: datetime
    metric: str
    value: float
