"""Shapes of working-time rules and of what breaks them."""

from datetime import date, datetime
from uuid import UUID

from dispatch.technicians.working_time.checking import WorkingTimeCode
from dispatch.technicians.working_time.rules import CallOutRest
from kernel.http import Schema


class BreakDutyOut(Schema):
    after_minutes: int
    minutes: int


class WorkingTimeRulesOut(Schema):
    """The figures of one version of one country's law, in minutes; `sources` by figure."""

    country: str
    version: int
    valid_from: date
    law: str
    daily_rest_minutes: int
    weekly_rest_minutes: int
    day_most_minutes: int | None
    span_most_minutes: int | None
    week_most_minutes: int | None
    average_week_minutes: int | None
    average_weeks: int
    breaks: list[BreakDutyOut]
    call_out_rest: CallOutRest
    sources: dict[str, str]


class BrokenRuleOut(Schema):
    code: WorkingTimeCode
    sentence: str
    limit_minutes: int
    found_minutes: int
    source: str


class BrokenShiftOut(Schema):
    """A shift that breaks rules; with a reason somebody answers for it."""

    shift_id: UUID
    starts_at: datetime
    override_reason: str | None
    broken: list[BrokenRuleOut]
