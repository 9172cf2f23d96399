"""States of a plan."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class PlanStatus(StrEnum):
    REQUESTED = "requested"
    SOLVING = "solving"
    APPLIED = "applied"
    PARTLY_APPLIED = "partly_applied"
    REFUSED = "refused"
    FAILED = "failed"
    EMPTY = "empty"


_P = PlanStatus
PLAN: Lifecycle[PlanStatus] = Lifecycle(
    "plan",
    initial={_P.REQUESTED},
    moves={
        _P.REQUESTED: {_P.SOLVING, _P.EMPTY, _P.FAILED},
        _P.SOLVING: {_P.APPLIED, _P.PARTLY_APPLIED, _P.REFUSED, _P.FAILED, _P.EMPTY},
    },
)

PENDING = frozenset({_P.REQUESTED, _P.SOLVING})
IN_THE_SCHEDULE = frozenset({_P.APPLIED, _P.PARTLY_APPLIED})
