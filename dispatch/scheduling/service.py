"""The business actions on the schedule, for the slices and packages above."""

from dispatch.scheduling.assignments.service import sweep_expired
from dispatch.scheduling.backtests.service import request_backtest, run_backtest_day
from dispatch.scheduling.checks.rules import Violation, ViolationCode
from dispatch.scheduling.checks.service import AssignmentCheck, check_assignment, violations
from dispatch.scheduling.moves.no_access import record_no_access
from dispatch.scheduling.moves.service import move, settle_cancelled, watch
from dispatch.scheduling.pins.service import pin, unpin
from dispatch.scheduling.plans.releases import release_absent, release_order
from dispatch.scheduling.plans.service import request_plan, request_repair
from dispatch.scheduling.policies.service import dispatch, dispatch_due
from dispatch.scheduling.presence.service import work_on
from dispatch.scheduling.slots.grid import Grade, Merit, Window
from dispatch.scheduling.slots.queries import can_be_served, windows
from dispatch.scheduling.slots.service import (
    cancel_booking,
    confirm_hold,
    hold_slot,
    reschedule,
)
from dispatch.scheduling.staffing.service import assign, recall, unassign

__all__ = [
    "AssignmentCheck",
    "Grade",
    "Merit",
    "Violation",
    "ViolationCode",
    "Window",
    "assign",
    "can_be_served",
    "cancel_booking",
    "check_assignment",
    "confirm_hold",
    "dispatch",
    "dispatch_due",
    "hold_slot",
    "move",
    "pin",
    "recall",
    "record_no_access",
    "release_absent",
    "release_order",
    "request_backtest",
    "request_plan",
    "request_repair",
    "reschedule",
    "run_backtest_day",
    "settle_cancelled",
    "sweep_expired",
    "unassign",
    "unpin",
    "violations",
    "watch",
    "windows",
    "work_on",
]
