"""The ways of sending visits out."""

from enum import StrEnum


class DispatchMode(StrEnum):
    DAY_BEFORE = "day_before"
    LEAD_TIME = "lead_time"
    DRIP = "drip"
