"""A hard rule that a plan breaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    UNKNOWN_JOB = "unknown_job"
    UNKNOWN_SHIFT = "unknown_shift"
    DUPLICATE_ROUTE = "duplicate_route"
    DUPLICATE_JOB = "duplicate_job"
    LOST_JOB = "lost_job"
    CREW_SIZE = "crew_size"
    CREW_NOT_TOGETHER = "crew_not_together"
    CREW_SAME_TECHNICIAN = "crew_same_technician"
    COMMITTED_CHANGED = "committed_changed"
    BEFORE_SHIFT = "before_shift"
    AFTER_SHIFT = "after_shift"
    OVERLAP = "overlap"
    TRAVEL_TOO_SHORT = "travel_too_short"
    TRAVEL_MISSTATED = "travel_misstated"
    UNREACHABLE = "unreachable"
    DURATION = "duration"
    OUTSIDE_WINDOW = "outside_window"
    TOO_EARLY = "too_early"
    BREAK_MISSING = "break_missing"
    BREAK_MISPLACED = "break_misplaced"
    SKILL_MISSING = "skill_missing"
    SKILL_LEVEL = "skill_level"
    SKILL_EXPIRED = "skill_expired"
    CREDENTIAL_MISSING = "credential_missing"
    CREDENTIAL_EXPIRED = "credential_expired"
    TECHNICIAN_NOT_REQUIRED = "technician_not_required"
    TECHNICIAN_EXCLUDED = "technician_excluded"
    PIN_TECHNICIAN = "pin_technician"
    PIN_TIME = "pin_time"
    MAX_JOBS = "max_jobs"
    CAPACITY = "capacity"
    MAX_TRAVEL = "max_travel"
    MAX_WORK = "max_work"
    REST = "rest"
    HOURS = "hours"
    OUT_OF_REACH = "out_of_reach"
    PART_MISSING = "part_missing"
    TOOL_MISSING = "tool_missing"
    DEPOT_FORBIDDEN = "depot_forbidden"
    DEPOT_MISPLACED = "depot_misplaced"
    OFFER_UNKNOWN = "offer_unknown"
    PROMISE_UNBACKED = "promise_unbacked"
    SHARE_EXCEEDED = "share_exceeded"
    BEFORE_MISSING = "before_missing"
    DELAY_TOO_SHORT = "delay_too_short"
    DELAY_TOO_LONG = "delay_too_long"
    BUNDLE_TECHNICIANS = "bundle_technicians"
    BUNDLE_SHIFTS = "bundle_shifts"
    STAY_BROKEN = "stay_broken"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: who, by how much (seconds, jobs or levels: what the sentence says)."""

    code: Code
    sentence: str
    job_id: str | None = None
    shift_id: str | None = None
    amount: int = 0
