"""Tables of how customers are asked about alerts: ladders, their steps, and calls."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.messaging.lifecycle import Channel
from iot_ingest.outreach.lifecycle import (
    STEP,
    CallOutcome,
    CallReason,
    StepKind,
    StepStatus,
    StopReason,
)
from iot_ingest.rules.lifecycle import Danger
from kernel.db import Record, enum_of, guard_moves


class AnswerLadder(Record):
    """What follows a question nobody answers, per danger: [{kind, wait_percent}]. The newest row
    of a danger counts, for alerts asked from then on."""

    __tablename__ = "answer_ladders"

    danger: Mapped[Danger] = mapped_column(enum_of(Danger), index=True)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class CallTask(Record):
    """Somebody must phone the customer about an alert."""

    __tablename__ = "call_tasks"
    __table_args__ = (
        Index(
            "uq_call_tasks_open", "alert_id", unique=True, postgresql_where=text("done_at IS NULL")
        ),
        CheckConstraint("outcome IS NULL OR done_at IS NOT NULL", name="outcome_when_done"),
        CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name="taken_has_time"),
    )

    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    about: Mapped[CallReason] = mapped_column(
        enum_of(CallReason), default=CallReason.NO_ANSWER, server_default="no_answer"
    )
    reason: Mapped[str]
    """In English."""
    words: Mapped[dict[str, str]] = mapped_column(
        JSONB, default=dict, server_default=text("'{}'::jsonb")
    )
    """The reason per language."""
    due_at: Mapped[datetime]
    taken_by: Mapped[UUID | None]
    """The account that phones."""
    taken_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    outcome: Mapped[CallOutcome | None] = mapped_column(enum_of(CallOutcome))
    note: Mapped[str] = mapped_column(default="")


class AnswerStep(Record):
    """One step of the ladder of one question; `round` counts how often the alert was asked about.

    `message_id` and `call_task_id` are what it led to.
    """

    __tablename__ = "answer_steps"
    __table_args__ = (
        UniqueConstraint("alert_id", "round", "position"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done_has_time"),
        CheckConstraint("(status = 'paused') = (paused_at IS NOT NULL)", name="paused_has_time"),
        CheckConstraint("(status = 'stopped') = (stopped_by IS NOT NULL)", name="stop_has_reason"),
    )

    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"))
    round: Mapped[int]
    position: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(enum_of(StepKind))
    status: Mapped[StepStatus] = mapped_column(enum_of(StepStatus))
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    stopped_by: Mapped[StopReason | None] = mapped_column(enum_of(StopReason))
    channel: Mapped[Channel | None] = mapped_column(enum_of(Channel))
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id"))
    call_task_id: Mapped[UUID | None] = mapped_column(ForeignKey("call_tasks.id"))


guard_moves(AnswerStep, "status", STEP)
