"""Which moves belong to the day of work, and who may make them."""

from dispatch.work_orders.lifecycle import VisitStatus

_V = VisitStatus
FIELD_MOVES = frozenset(
    {
        _V.DISPATCHED,
        _V.ACCEPTED,
        _V.EN_ROUTE,
        _V.ON_SITE,
        _V.IN_PROGRESS,
        _V.PAUSED,
        _V.COMPLETED,
        _V.INCOMPLETE,
    }
)
"""What a technician may say about a visit; dispatched and accepted only to take back a mis-tap."""
AT_THE_DOOR = frozenset({_V.EN_ROUTE, _V.ON_SITE})
"""Where a technician is when nobody lets him in."""
