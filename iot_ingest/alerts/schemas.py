"""Request and response shapes of alerts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from iot_ingest.alerts.lifecycle import (
    AlertStatus,
    Choice,
    Disposition,
    QuietReason,
    RemoteOutcome,
    TriageReason,
)
from iot_ingest.rules.lifecycle import Danger, Severity
from kernel.http import RequestSchema, Schema


class AlertOut(Schema):
    """`moves` are the states it may go to next. `due_at` and the cost of a day's delay are those
    of the work order; without one they come from the rule and the asset's criticality.
    `last_seen_at` is the latest reading while the fault was there."""

    id: UUID
    version: int
    asset_id: UUID
    asset_name: str
    device_id: UUID | None
    rule_id: UUID
    rule_name: str
    customer_id: UUID
    customer_name: str
    site_id: UUID
    territory_id: UUID | None
    fault_class: str
    severity: Severity
    danger: Danger
    status: AlertStatus
    moves: list[AlertStatus]
    opened_at: datetime
    snoozed_until: datetime | None
    cleared_at: datetime | None
    disposition: Disposition | None
    evidence: dict[str, Any]
    predicted_minutes: int | None
    failure_curve: dict[str, Any] | None
    remote_outcome: RemoteOutcome | None
    work_order_id: UUID | None
    work_order_number: str | None
    due_at: datetime | None
    delay_cost_cents_per_day: int
    currency: str
    triage_reason: TriageReason | None
    quiet_reason: QuietReason | None
    quiet_until: datetime | None
    inhibited_by: UUID | None
    escalation_level: int
    last_seen_at: datetime | None
    answer: Choice | None
    answer_due_at: datetime | None
    wished_start: datetime | None
    wished_end: datetime | None


class ChartPointOut(Schema):
    """The mean and the extremes of one stretch of time."""

    device_id: UUID
    ts: datetime
    value: float
    lowest: float
    highest: float


class AlertEvidenceOut(Schema):
    """The reason in English and German, and the readings around it with the limits that count;
    for a rate or a silence the limits are not of the readings, and are left out."""

    words: dict[str, str]
    metric: str
    limit: float | None
    clear_limit: float | None
    fired_at: datetime
    cleared_at: datetime | None
    points: list[ChartPointOut]


class ClearIn(RequestSchema):
    disposition: Disposition
    note: str = Field("", max_length=2000)


class SnoozeIn(RequestSchema):
    until: AwareDatetime
