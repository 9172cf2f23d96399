"""States of a plan."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class PlanKind(StrEnum):
    """A plan goes into the schedule by itself, a draft when somebody says so; a repair is the
    smallest change after something went wrong, and waits only when it would break too much. The
    same holds for one technician's day. An improvement goes in when it saves enough."""

    PLAN = "plan"
    DRAFT = "draft"
    REPAIR = "repair"
    TECHNICIAN = "technician"
    IMPROVEMENT = "improvement"


class PlanStatus(StrEnum):
    REQUESTED = "requested"
    SOLVING = "solving"
    DRAFTED = "drafted"
    APPROVED = "approved"
    DROPPED = "dropped"
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
        _P.SOLVING: {
            _P.APPLIED,
            _P.PARTLY_APPLIED,
            _P.REFUSED,
            _P.FAILED,
            _P.EMPTY,
            _P.DRAFTED,
        },
        _P.DRAFTED: {_P.APPROVED, _P.DROPPED},
        _P.APPROVED: {_P.APPLIED, _P.PARTLY_APPLIED},
    },
)

SMALLEST = frozenset({PlanKind.REPAIR, PlanKind.TECHNICIAN})
"""Go in unasked as long as they break few promises."""
PENDING = frozenset({_P.REQUESTED, _P.SOLVING})
IN_THE_SCHEDULE = frozenset({_P.APPLIED, _P.PARTLY_APPLIED})
CUTTABLE = frozenset({PlanKind.PLAN, PlanKind.DRAFT})
"""Plans of whole territories; the others are small by nature."""
