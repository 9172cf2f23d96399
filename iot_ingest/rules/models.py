"""Tables of rules and of what they remember about each device."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.rules.lifecycle import Danger, NoAnswer, Severity
from iot_ingest.rules.threshold import Op, Threshold
from kernel.db import Base, Record, enum_of


class Rule(Record):
    """When `metric` of a device on an asset of `model` (None: any) means `fault_class`."""

    __tablename__ = "rules"
    __table_args__ = (
        CheckConstraint("duration_seconds >= 0", name="duration_not_negative"),
        CheckConstraint("response_hours > 0", name="response_positive"),
        CheckConstraint("answer_minutes > 0", name="answer_positive"),
        CheckConstraint("danger = 'none' OR no_answer <> 'close'", name="danger_never_closes"),
        Index("ix_rules_metric_active", "metric", postgresql_where="active"),
    )

    name: Mapped[str]
    model: Mapped[str | None]
    metric: Mapped[str]
    op: Mapped[Op] = mapped_column(enum_of(Op))
    threshold: Mapped[float]
    clear_threshold: Mapped[float]
    duration_seconds: Mapped[int] = mapped_column(default=0)
    severity: Mapped[Severity] = mapped_column(enum_of(Severity), default=Severity.WARNING)
    fault_class: Mapped[str]
    work_type_code: Mapped[str]
    danger: Mapped[Danger] = mapped_column(enum_of(Danger), default=Danger.NONE)
    no_answer: Mapped[NoAnswer] = mapped_column(enum_of(NoAnswer), default=NoAnswer.OPEN_WORK_ORDER)
    response_hours: Mapped[int] = mapped_column(default=48)
    """The work is due this long after the alert, or by the contract if that is sooner."""
    answer_minutes: Mapped[int] = mapped_column(default=240)
    """How long the customer may take before being reminded, and again before the default."""
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def detector(self) -> Threshold:
        return Threshold(
            self.op,
            self.threshold,
            self.clear_threshold,
            timedelta(seconds=self.duration_seconds),
        )


class RuleState(Base):
    """What a rule remembers of one device: kept here, so that a restart loses no duration."""

    __tablename__ = "rule_states"

    rule_id: Mapped[UUID] = mapped_column(
        ForeignKey("rules.id", ondelete="CASCADE"), primary_key=True
    )
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True, index=True)
    since: Mapped[datetime | None]
    last_ts: Mapped[datetime | None]
    last_value: Mapped[float | None]
    firing: Mapped[bool]
    quiet_until: Mapped[datetime | None]
