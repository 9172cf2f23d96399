"""States of work orders, visits and part reservations, their legal moves, and the roll-up."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from kernel.lifecycle import Lifecycle


class WorkOrderStatus(StrEnum):
    NEW = "new"
    OPEN = "open"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class VisitStatus(StrEnum):
    UNSCHEDULED = "unscheduled"
    SCHEDULED = "scheduled"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SITE = "on_site"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    COMPLETED = "completed"
    INCOMPLETE = "incomplete"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """Where a work order came from."""

    BOOKING = "booking"
    IOT = "iot"
    DISPATCHER = "dispatcher"
    IMPORT = "import"
    FOLLOW_UP = "follow_up"


PARTS_SHORT = "parts_short"
"""The reason of a hold that ends by itself when the parts arrive."""


class IncompleteReason(StrEnum):
    CUSTOMER_ABSENT = "customer_absent"
    NO_ACCESS = "no_access"
    PARTS_MISSING = "parts_missing"
    SKILL_MISSING = "skill_missing"
    UNSAFE = "unsafe"
    OUT_OF_TIME = "out_of_time"
    OTHER = "other"


class ReservationStatus(StrEnum):
    NEEDED = "needed"
    RESERVED = "reserved"
    SHORT = "short"
    USED = "used"
    RELEASED = "released"


_O = WorkOrderStatus
WORK_ORDER: Lifecycle[WorkOrderStatus] = Lifecycle(
    "work_order",
    initial={_O.NEW, _O.OPEN, _O.COMPLETED},  # completed: a repair from before we came
    moves={
        _O.NEW: {_O.OPEN, _O.ON_HOLD, _O.CANCELLED},
        # open -> completed is a remote fix
        _O.OPEN: {_O.SCHEDULED, _O.IN_PROGRESS, _O.COMPLETED, _O.ON_HOLD, _O.CANCELLED},
        _O.SCHEDULED: {_O.OPEN, _O.IN_PROGRESS, _O.COMPLETED, _O.ON_HOLD, _O.CANCELLED},
        # in_progress -> scheduled: the next visit is planned already, or a mis-tap was corrected
        _O.IN_PROGRESS: {_O.OPEN, _O.SCHEDULED, _O.COMPLETED, _O.ON_HOLD, _O.CANCELLED},
        # work that goes on or ends during a hold is a fact, so a hold can end in any open state
        _O.ON_HOLD: {
            _O.NEW,
            _O.OPEN,
            _O.SCHEDULED,
            _O.IN_PROGRESS,
            _O.COMPLETED,
            _O.CANCELLED,
        },
        # completed -> in_progress only follows the correction of a visit's mis-tap
        _O.COMPLETED: {_O.REVIEWED, _O.IN_PROGRESS},
        _O.REVIEWED: {_O.CLOSED},
    },
)

_V = VisitStatus
VISIT: Lifecycle[VisitStatus] = Lifecycle(
    "visit",
    initial={_V.UNSCHEDULED},
    moves={
        _V.UNSCHEDULED: {_V.SCHEDULED, _V.CANCELLED},
        _V.SCHEDULED: {_V.DISPATCHED, _V.UNSCHEDULED, _V.CANCELLED},
        # dispatched -> scheduled is a recall
        _V.DISPATCHED: {
            _V.ACCEPTED,
            _V.EN_ROUTE,
            _V.SCHEDULED,
            _V.UNSCHEDULED,
            _V.CANCELLED,
        },
        _V.ACCEPTED: {_V.EN_ROUTE, _V.UNSCHEDULED, _V.CANCELLED},
        # en_route -> scheduled | unscheduled is a diversion
        _V.EN_ROUTE: {
            _V.ON_SITE,
            _V.SCHEDULED,
            _V.UNSCHEDULED,
            _V.DISPATCHED,
            _V.ACCEPTED,
            _V.CANCELLED,
        },
        _V.ON_SITE: {_V.IN_PROGRESS, _V.INCOMPLETE, _V.EN_ROUTE, _V.CANCELLED},
        _V.IN_PROGRESS: {_V.PAUSED, _V.COMPLETED, _V.INCOMPLETE, _V.ON_SITE, _V.CANCELLED},
        _V.PAUSED: {_V.IN_PROGRESS, _V.COMPLETED, _V.INCOMPLETE, _V.CANCELLED},
        _V.COMPLETED: {_V.IN_PROGRESS},
        _V.INCOMPLETE: {_V.IN_PROGRESS, _V.ON_SITE},
    },
)

CORRECTIONS: frozenset[tuple[VisitStatus, VisitStatus]] = frozenset(
    {
        (_V.EN_ROUTE, _V.DISPATCHED),
        (_V.EN_ROUTE, _V.ACCEPTED),
        (_V.ON_SITE, _V.EN_ROUTE),
        (_V.IN_PROGRESS, _V.ON_SITE),
        (_V.COMPLETED, _V.IN_PROGRESS),
        (_V.INCOMPLETE, _V.IN_PROGRESS),
        (_V.INCOMPLETE, _V.ON_SITE),
    }
)
"""Moves that only take back a mis-tap, within CORRECTION_PERIOD of it."""
CORRECTION_PERIOD = timedelta(minutes=10)

_R = ReservationStatus
RESERVATION: Lifecycle[ReservationStatus] = Lifecycle(
    "part_reservation",
    initial={_R.NEEDED, _R.RESERVED, _R.SHORT, _R.USED},
    moves={
        _R.NEEDED: {_R.RESERVED, _R.SHORT, _R.RELEASED},
        _R.SHORT: {_R.RESERVED, _R.RELEASED},
        _R.RESERVED: {_R.USED, _R.RELEASED},
    },
)

OPEN_WORK_ORDERS = frozenset({_O.NEW, _O.OPEN, _O.SCHEDULED, _O.IN_PROGRESS, _O.ON_HOLD})
DONE_WORK_ORDERS = frozenset({_O.COMPLETED, _O.REVIEWED, _O.CLOSED})
WAITING_VISITS = frozenset({_V.UNSCHEDULED})
PLANNED_VISITS = frozenset({_V.SCHEDULED, _V.DISPATCHED, _V.ACCEPTED})
RUNNING_VISITS = frozenset({_V.EN_ROUTE, _V.ON_SITE, _V.IN_PROGRESS, _V.PAUSED})
OPEN_VISITS = WAITING_VISITS | PLANNED_VISITS | RUNNING_VISITS
ENDED_VISITS = frozenset({_V.COMPLETED, _V.INCOMPLETE, _V.CANCELLED})
AT_WORK_VISITS = frozenset({_V.ON_SITE, _V.IN_PROGRESS, _V.PAUSED})


def roll_up(visits: Iterable[VisitStatus]) -> WorkOrderStatus:
    """The state a work order has because of its visits.

    Somebody is at work: in_progress. Else something is planned or on its way: scheduled. Else
    something still waits, or the last word was an incomplete visit: open. Else everything has
    ended: completed if any visit was, cancelled if none. `visits` are in their sequence.
    """
    states = list(visits)
    if AT_WORK_VISITS.intersection(states):
        return WorkOrderStatus.IN_PROGRESS
    if (PLANNED_VISITS | RUNNING_VISITS).intersection(states):
        return WorkOrderStatus.SCHEDULED
    if WAITING_VISITS.intersection(states) or not states:
        return WorkOrderStatus.OPEN
    worked = [state for state in states if state is not VisitStatus.CANCELLED]
    if not worked:
        return WorkOrderStatus.CANCELLED
    if worked[-1] is VisitStatus.INCOMPLETE:
        return WorkOrderStatus.OPEN
    return WorkOrderStatus.COMPLETED


def after_hold(held_from: WorkOrderStatus | None, rolled: WorkOrderStatus) -> WorkOrderStatus:
    """Where a released order goes: the state before, unless its visits have moved meanwhile."""
    if held_from is WorkOrderStatus.NEW and rolled is WorkOrderStatus.OPEN:
        return WorkOrderStatus.NEW
    return rolled


def is_correction(frm: VisitStatus, to: VisitStatus) -> bool:
    return (frm, to) in CORRECTIONS
