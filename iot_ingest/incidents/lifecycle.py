"""States of an incident, and when alerts have a cause in common."""

from datetime import timedelta
from enum import StrEnum

from kernel.lifecycle import Lifecycle


class IncidentStatus(StrEnum):
    OPEN = "open"
    STORM = "storm"
    CLOSED = "closed"


class Cause(StrEnum):
    """What the alerts have in common."""

    UPSTREAM = "upstream"
    """Their assets are parts of one that fails."""
    AREA = "area"
    """Their sites are near each other."""
    MODEL = "model"
    """Their assets are of one model."""


# Back to normal is one move: from storm to open, which ends what the storm has changed.
INCIDENT: Lifecycle[IncidentStatus] = Lifecycle(
    "incident",
    initial={IncidentStatus.OPEN},
    moves={
        IncidentStatus.OPEN: {IncidentStatus.STORM, IncidentStatus.CLOSED},
        IncidentStatus.STORM: {IncidentStatus.OPEN},
    },
)

TOGETHER = timedelta(hours=2)
"""Alerts that begin further apart are not grouped."""
FEWEST = {Cause.UPSTREAM: 2, Cause.AREA: 4, Cause.MODEL: 5}
RADIUS_M = 3_000.0
