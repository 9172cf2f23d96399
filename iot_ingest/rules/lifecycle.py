"""The words of a rule: how bad, how dangerous, and what happens when nobody answers."""

from enum import StrEnum

DRIFT = "drift"
"""The model of rules that watch several metrics together."""


CORROBORATION = "corroboration"
"""The model of rules that fire when two signs of an asset corroborate each other (L2)."""


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Danger(StrEnum):
    NONE = "none"
    GAS = "gas"
    CO = "co"
    ELECTRICAL = "electrical"

    @property
    def threatens_people(self) -> bool:
        """Nobody may ignore these away."""
        return self is not Danger.NONE


class Standing(StrEnum):
    """Whether the alerts of a rule act at once, or need review first."""

    TRUSTED = "trusted"
    TRIAGE = "triage"


class NoAnswer(StrEnum):
    """The default when the customer stays silent."""

    BOOK = "book"
    OPEN_WORK_ORDER = "open_work_order"
    CLOSE = "close"
