"""Request and response shapes of rules."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from iot_ingest.readings.quality import METRIC
from iot_ingest.rules.lifecycle import Danger, NoAnswer, Severity
from iot_ingest.rules.threshold import Op
from kernel.http import RequestSchema, Schema

Name = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=80)]
Metric = Annotated[str, Field(pattern=f"^{METRIC.pattern}$")]
Value = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
Seconds = Annotated[int, Field(ge=0, le=30 * 86400)]
Hours = Annotated[int, Field(ge=1, le=24 * 365)]
Minutes = Annotated[int, Field(ge=1, le=60 * 24 * 14)]


class RuleIn(RequestSchema):
    name: Name
    model: Name | None = None
    metric: Metric
    op: Op = Op.ABOVE
    threshold: Value
    clear_threshold: Value
    duration_seconds: Seconds = 0
    severity: Severity = Severity.WARNING
    fault_class: Code
    work_type_code: Code
    danger: Danger = Danger.NONE
    no_answer: NoAnswer = NoAnswer.OPEN_WORK_ORDER
    response_hours: Hours = 48
    answer_minutes: Minutes = 240
    active: bool = True


class RulePatch(RequestSchema):
    """Only the fields that are sent are changed."""

    name: Name | None = None
    model: Name | None = None
    metric: Metric | None = None
    op: Op | None = None
    threshold: Value | None = None
    clear_threshold: Value | None = None
    duration_seconds: Seconds | None = None
    severity: Severity | None = None
    fault_class: Code | None = None
    work_type_code: Code | None = None
    danger: Danger | None = None
    no_answer: NoAnswer | None = None
    response_hours: Hours | None = None
    answer_minutes: Minutes | None = None
    active: bool | None = None

    def changes(self) -> dict[str, Any]:
        """What was sent; only `model` may be emptied (any model)."""
        sent = self.model_dump(exclude_unset=True)
        return {name: value for name, value in sent.items() if value is not None or name == "model"}


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
    severity: Severity
    fault_class: str
    work_type_code: str
    danger: Danger
    no_answer: NoAnswer
    response_hours: int
    answer_minutes: int
    active: bool
