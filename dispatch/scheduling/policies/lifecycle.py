"""The ways of sending visits out, and what holds where nobody set anything else."""

from enum import StrEnum


class DispatchMode(StrEnum):
    DAY_BEFORE = "day_before"
    LEAD_TIME = "lead_time"
    DRIP = "drip"


MOVE_CENTS = 1_500
"""What a plan must save to send somebody else than planned: about half an hour on the way."""
TOLD_MOVE_CENTS = 6_000
"""The same once the technician has the visit, or the customer has a window."""
REPAIR_BUDGET = 2
"""So many promises a repair may break without being asked."""
