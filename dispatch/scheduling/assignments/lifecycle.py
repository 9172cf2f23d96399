"""States of an assignment, which of them occupy time, and which go with which visit."""

from enum import StrEnum

from dispatch.work_orders.lifecycle import VisitStatus
from kernel.lifecycle import Lifecycle


class AssignmentStatus(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    DONE = "done"
    REMOVED = "removed"
    EXPIRED = "expired"
    BACKED_OUT = "backed_out"
    TECHNICIAN_NO_SHOW = "technician_no_show"


class AssignmentSource(StrEnum):
    """Whose decision put the technician there."""

    PLAN = "plan"
    DISPATCHER = "dispatcher"
    CUSTOMER = "customer"
    OFFER = "offer"


_S = AssignmentStatus
ASSIGNMENT: Lifecycle[AssignmentStatus] = Lifecycle(
    "assignment",
    initial={_S.HELD, _S.CONFIRMED},
    moves={
        _S.HELD: {_S.CONFIRMED, _S.EXPIRED, _S.REMOVED},
        _S.CONFIRMED: {_S.ACTIVE, _S.REMOVED, _S.BACKED_OUT, _S.TECHNICIAN_NO_SHOW},
        # active -> confirmed: diverted to a later time, or a mis-tap was corrected
        _S.ACTIVE: {_S.DONE, _S.CONFIRMED, _S.REMOVED, _S.BACKED_OUT, _S.TECHNICIAN_NO_SHOW},
        # done -> active only follows the correction of a visit's mis-tap
        _S.DONE: {_S.ACTIVE},
    },
)

OCCUPYING = frozenset({_S.HELD, _S.CONFIRMED, _S.ACTIVE, _S.DONE})
"""These take the technician's time and the visit's seat."""
ENDED = frozenset(_S) - OCCUPYING
CREDENTIAL_ENDED, SUSPENDED = "credential ended", "technician suspended"
BARRED = frozenset({CREDENTIAL_ENDED, SUSPENDED})
"""Reasons of a removal that lie with the technician."""
RELEASABLE = frozenset({_S.HELD, _S.CONFIRMED, _S.ACTIVE})

_V = VisitStatus
STATE_BY_VISIT: dict[VisitStatus, AssignmentStatus | None] = {
    _V.UNSCHEDULED: None,
    _V.SCHEDULED: _S.CONFIRMED,
    _V.DISPATCHED: _S.CONFIRMED,
    _V.ACCEPTED: _S.CONFIRMED,
    _V.EN_ROUTE: _S.ACTIVE,
    _V.ON_SITE: _S.ACTIVE,
    _V.IN_PROGRESS: _S.ACTIVE,
    _V.PAUSED: _S.ACTIVE,
    _V.COMPLETED: _S.DONE,
    _V.INCOMPLETE: _S.DONE,
    _V.CANCELLED: None,
}
"""The state that the assignments of a visit take with it; None: nobody stays assigned."""

ALLOWED_BY_VISIT: dict[VisitStatus, frozenset[AssignmentStatus]] = {
    visit: frozenset() if state is None else frozenset({state})
    for visit, state in STATE_BY_VISIT.items()
} | {_V.UNSCHEDULED: frozenset({_S.HELD})}
"""Which occupying assignments a visit may have; only a waiting visit has a hold."""
