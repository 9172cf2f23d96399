"""The table of alerts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.alerts.lifecycle import (
    ALERT,
    AlertStatus,
    Choice,
    Disposition,
    QuietReason,
    RemoteOutcome,
    TriageReason,
)
from iot_ingest.rules.lifecycle import Danger, Severity
from kernel.db import Record, enum_of, guard_moves

IS_OPEN = text("status <> 'cleared'")


class Alert(Record):
    """One episode of one fault class on one asset, and what was decided about it.

    Customer, site and territory are those at its opening.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index("uq_alerts_open", "asset_id", "fault_class", unique=True, postgresql_where=IS_OPEN),
        Index("ix_alerts_asset_id_opened_at", "asset_id", "opened_at"),
        Index("ix_alerts_status_opened_at", "status", "opened_at"),
        CheckConstraint(
            "(status = 'cleared') = (cleared_at IS NOT NULL AND disposition IS NOT NULL)",
            name="cleared_has_disposition",
        ),
        CheckConstraint("answer <> 'ignore' OR danger = 'none'", name="danger_never_ignored"),
        CheckConstraint("triage_reason IS NULL OR danger = 'none'", name="danger_needs_no_review"),
        CheckConstraint("quiet_reason IS NULL OR danger = 'none'", name="danger_is_never_quiet"),
    )

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("devices.id"), index=True)
    """None where nothing is measured on the asset."""
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("rules.id"), index=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    territory_id: Mapped[UUID | None]
    fault_class: Mapped[str]
    severity: Mapped[Severity] = mapped_column(enum_of(Severity))
    danger: Mapped[Danger] = mapped_column(enum_of(Danger))
    status: Mapped[AlertStatus] = mapped_column(enum_of(AlertStatus), default=AlertStatus.ACTIVE)
    opened_at: Mapped[datetime]
    """When the reading that fired it was measured."""
    snoozed_until: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    disposition: Mapped[Disposition | None] = mapped_column(enum_of(Disposition))
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    predicted_minutes: Mapped[int | None]
    """Minutes from the opening to the failure, where something predicts it."""
    failure_curve: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """{hours: [..], probability: [..]}: how probably it has failed by then, from the opening on;
    only within the range that the model was backtested on."""
    remote_outcome: Mapped[RemoteOutcome | None] = mapped_column(enum_of(RemoteOutcome))
    remote_due_at: Mapped[datetime | None]
    """When it is looked at again after a remote fix was tried."""
    work_order_id: Mapped[UUID | None] = mapped_column(ForeignKey("work_orders.id"), index=True)
    order_dates: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """{due_at, earliest_at, delay_cost_cents_per_day} that its work order was last told, and
    called_about: the promised window of which somebody was told that it may be too late."""
    triage_reason: Mapped[TriageReason | None] = mapped_column(enum_of(TriageReason))
    """Why nothing is done before somebody looked at it."""
    reviewed_at: Mapped[datetime | None]
    quiet_reason: Mapped[QuietReason | None] = mapped_column(enum_of(QuietReason))
    quiet_until: Mapped[datetime | None]
    inhibited_by: Mapped[UUID | None] = mapped_column(ForeignKey("alerts.id"), index=True)
    """The open alert that makes this one redundant."""
    escalation_level: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How often nobody took it on in time."""
    last_seen_at: Mapped[datetime | None]
    """When a rule last began to fire; what goes on firing is in the states of the rules."""
    answer: Mapped[Choice | None] = mapped_column(enum_of(Choice))
    answer_due_at: Mapped[datetime | None]
    wished_start: Mapped[datetime | None]
    wished_end: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        return self.status is not AlertStatus.CLEARED


guard_moves(Alert, "status", ALERT)
