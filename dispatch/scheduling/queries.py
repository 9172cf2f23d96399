"""Reading the schedule, for the slices and packages above."""

from dispatch.scheduling.assignments.queries import (
    assignment_of,
    assignments_by_visit,
    assignments_of,
    day_bounds,
    day_of,
    history_of,
    occupying,
)
from dispatch.scheduling.board.queries import board
from dispatch.scheduling.bookings.queries import (
    confirmed_by_visit,
    find_confirmed,
    find_latest,
    get_confirmed,
)
from dispatch.scheduling.moves.queries import find_no_access
from dispatch.scheduling.pins.queries import pins_by_visit, pins_of
from dispatch.scheduling.plans.queries import get_plan, list_pending

__all__ = [
    "assignment_of",
    "assignments_by_visit",
    "assignments_of",
    "board",
    "confirmed_by_visit",
    "day_bounds",
    "day_of",
    "find_confirmed",
    "find_latest",
    "find_no_access",
    "get_confirmed",
    "get_plan",
    "history_of",
    "list_pending",
    "occupying",
    "pins_by_visit",
    "pins_of",
]
