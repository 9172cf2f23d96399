"""Every table of the schedule, for those who need the whole metadata."""

from dispatch.scheduling.arrivals.models import ArrivalErrors
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.backtests.models import Backtest
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.durations.models import LearnedAccess, LearnedDuration
from dispatch.scheduling.moves.models import NoAccess
from dispatch.scheduling.pins.models import Pin, PinKind
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.policies.models import Policy
from dispatch.scheduling.presence.models import Presence

__all__ = [
    "ArrivalErrors",
    "Assignment",
    "Backtest",
    "Booking",
    "LearnedAccess",
    "LearnedDuration",
    "NoAccess",
    "Pin",
    "PinKind",
    "Plan",
    "Policy",
    "Presence",
]
