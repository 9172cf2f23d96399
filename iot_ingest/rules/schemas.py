"""Request and response shapes of rules."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from iot_ingest.readings.quality import METRIC
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.lifecycle import Danger, NoAnswer, Severity, Standing
from iot_ingest.rules.threshold import Op
from kernel.http import RequestSchema, Schema

Name = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=80)]
Metric = Annotated[str, Field(pattern=f"^{METRIC.pattern}$")]
Value = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
Seconds = Annotated[int, Field(ge=0, le=30 * 86400)]
Hours = Annotated[int, Field(ge=1, le=24 * 365)]
Minutes = Annotated[int, Field(ge=1, le=60 * 24 * 14)]


TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Share = Annotated[float, Field(ge=0, le=1)]
Budget = Annotated[int, Field(ge=0, le=100_000)]
Times = Annotated[int, Field(ge=1, le=100)]


class HoursIn(RequestSchema):
    """When the rule counts: `days` from 0 (Monday) to 6; an end before the start is the next
    day's."""

    days: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)]
    start: TimeOfDay
    end: TimeOfDay
    time_zone: Code


class CompanionIn(RequestSchema):
    """A condition on another metric of the same device that must hold at the same time."""

    metric: Metric
    op: Op = Op.ABOVE
    threshold: Value
    clear_threshold: Value


Together = Annotated[list[Metric], Field(max_length=19)]
Companions = Annotated[list[CompanionIn], Field(max_length=5)]


class RuleIn(RequestSchema):
    """`threshold` is compared with the value, with its change per hour (`measure` rate, over
    `rate_seconds`), or with the seconds of silence. `repeat_times` excursions within
    `repeat_seconds` make it fire; it clears when it was quiet for `clear_after_seconds`. A rule of
    the model `drift` watches its metric and those of `together` as one."""

    name: Name
    model: Name | None = None
    metric: Metric
    op: Op = Op.ABOVE
    threshold: Value
    clear_threshold: Value
    duration_seconds: Seconds = 0
    measure: Measure = Measure.VALUE
    model_name: Name | None = None
    clear_after_seconds: Seconds = 0
    repeat_times: Times = 1
    repeat_seconds: Seconds = 0
    rate_seconds: Seconds = 0
    hours: HoursIn | None = None
    companions: Companions = []
    together: Together = []
    severity: Severity = Severity.WARNING
    fault_class: Code
    work_type_code: Code
    danger: Danger = Danger.NONE
    no_answer: NoAnswer = NoAnswer.OPEN_WORK_ORDER
    response_hours: Hours = 48
    answer_minutes: Minutes = 240
    precision_floor: Share = 0.5
    weekly_budget: Budget | None = None
    auto_clear_hours: Hours | None = None
    active: bool = True


EMPTIABLE = frozenset({"model", "model_name", "hours", "weekly_budget", "auto_clear_hours"})


class RulePatch(RequestSchema):
    """Only the fields that are sent are changed."""

    name: Name | None = None
    model: Name | None = None
    metric: Metric | None = None
    op: Op | None = None
    threshold: Value | None = None
    clear_threshold: Value | None = None
    duration_seconds: Seconds | None = None
    measure: Measure | None = None
    model_name: Name | None = None
    clear_after_seconds: Seconds | None = None
    repeat_times: Times | None = None
    repeat_seconds: Seconds | None = None
    rate_seconds: Seconds | None = None
    hours: HoursIn | None = None
    companions: Companions | None = None
    together: Together | None = None
    severity: Severity | None = None
    fault_class: Code | None = None
    work_type_code: Code | None = None
    danger: Danger | None = None
    no_answer: NoAnswer | None = None
    response_hours: Hours | None = None
    answer_minutes: Minutes | None = None
    precision_floor: Share | None = None
    weekly_budget: Budget | None = None
    auto_clear_hours: Hours | None = None
    active: bool | None = None

    def changes(self) -> dict[str, Any]:
        """What was sent; only EMPTIABLE fields may be emptied (any model, at all hours)."""
        sent = self.model_dump(exclude_unset=True)
        return {n: value for n, value in sent.items() if value is not None or n in EMPTIABLE}


class RuleOut(Schema):
    id: UUID
    version: int
    name: str
    model: str | None
    metric: str
    op: Op
    threshold: float
    clear_threshold: float
    duration_seconds: int
    measure: Measure
    model_name: str | None
    clear_after_seconds: int
    repeat_times: int
    repeat_seconds: int
    rate_seconds: int
    hours: dict[str, Any] | None
    companions: list[dict[str, Any]]
    together: list[str]
    severity: Severity
    fault_class: str
    work_type_code: str
    danger: Danger
    no_answer: NoAnswer
    response_hours: int
    answer_minutes: int
    precision_floor: float
    weekly_budget: int | None
    auto_clear_hours: int | None
    standing: Standing
    standing_reason: dict[str, Any] | None
    active: bool


class DryRunIn(RequestSchema):
    """A rule that is not stored, and how many days of history to try it on."""

    rule: RuleIn
    days: Annotated[int, Field(ge=1, le=92)] = 30


class EpisodeOut(Schema):
    """`value` is what was compared with the limit when it fired."""

    asset_id: UUID
    asset_name: str
    device_id: UUID
    fired_at: datetime
    cleared_at: datetime | None
    value: float | None


class DryRunOut(Schema):
    """`is_complete` is false when there was more history than a dry run looks at, or more
    episodes than are listed."""

    since: datetime
    until: datetime
    times: int
    assets: int
    readings: int
    is_complete: bool
    episodes: list[EpisodeOut]
    words: dict[str, str]
