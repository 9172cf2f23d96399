"""Tables of rules and of what they remember about each device."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.rules.detector import Companion, Detector, Measure
from iot_ingest.rules.hours import hours_from_json
from iot_ingest.rules.lifecycle import Danger, NoAnswer, Severity, Standing
from iot_ingest.rules.threshold import Op, Threshold
from kernel.db import Base, Record, enum_of


class Rule(Record):
    """When `metric` of a device on an asset of `model` (None: any) means `fault_class`.

    What it looks at and compares with the limit is its `measure`; a rule of a model carries the
    model's name, and the model judges. `companions`: [{metric, op, threshold, clear_threshold}];
    `together` are the metrics that a rule of drifts watches beside its own;
    `hours`: {days, start, end, time_zone}; `metrics` are all those it looks at.
    """

    __tablename__ = "rules"
    __table_args__ = (
        CheckConstraint("duration_seconds >= 0", name="duration_not_negative"),
        CheckConstraint("response_hours > 0", name="response_positive"),
        CheckConstraint("answer_minutes > 0", name="answer_positive"),
        CheckConstraint("danger = 'none' OR no_answer <> 'close'", name="danger_never_closes"),
        CheckConstraint("precision_floor BETWEEN 0 AND 1", name="floor_is_share"),
        CheckConstraint("auto_clear_hours > 0", name="auto_clear_positive"),
        CheckConstraint("weekly_budget >= 0", name="budget_not_negative"),
        CheckConstraint("standing = 'trusted' OR danger = 'none'", name="danger_is_trusted"),
        CheckConstraint("repeat_times >= 1", name="repeat_positive"),
        CheckConstraint("(measure = 'model') = (model_name IS NOT NULL)", name="model_has_name"),
        Index(
            "ix_rules_metrics_active", "metrics", postgresql_using="gin", postgresql_where="active"
        ),
    )

    name: Mapped[str]
    model: Mapped[str | None]
    metric: Mapped[str]
    op: Mapped[Op] = mapped_column(enum_of(Op))
    threshold: Mapped[float]
    clear_threshold: Mapped[float]
    duration_seconds: Mapped[int] = mapped_column(default=0)
    measure: Mapped[Measure] = mapped_column(
        enum_of(Measure), default=Measure.VALUE, server_default="value"
    )
    model_name: Mapped[str | None]
    clear_after_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    repeat_times: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    repeat_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    rate_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    hours: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    companions: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, server_default=text("'[]'")
    )
    together: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    metrics: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
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
    precision_floor: Mapped[float] = mapped_column(default=0.5, server_default=text("0.5"))
    """Below this share of true faults its alerts need review first."""
    weekly_budget: Mapped[int | None]
    """How many alerts it may act on in seven days; the others need review first."""
    auto_clear_hours: Mapped[int | None]
    """Its alerts end when nothing was seen of the fault for so long; None: never."""
    standing: Mapped[Standing] = mapped_column(
        enum_of(Standing), default=Standing.TRUSTED, server_default="trusted"
    )
    standing_reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    judged_since: Mapped[datetime | None]
    """Older verdicts were about another version of it."""

    @property
    def detector(self) -> Detector:
        """Raises ValueError when the rule contradicts itself."""
        return Detector(
            self.metric,
            Threshold(Op(self.op), self.threshold, self.clear_threshold),
            measure=Measure(self.measure or Measure.VALUE),
            duration=timedelta(seconds=self.duration_seconds or 0),
            clear_after=timedelta(seconds=self.clear_after_seconds or 0),
            times=self.repeat_times or 1,
            within=timedelta(seconds=self.repeat_seconds or 0),
            rate_over=timedelta(seconds=self.rate_seconds or 0),
            hours=hours_from_json(self.hours) if self.hours else None,
            companions=tuple(_companion(told) for told in self.companions or ()),
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
    memory: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


def _companion(told: dict[str, Any]) -> Companion:
    threshold = Threshold(Op(told["op"]), told["threshold"], told["clear_threshold"])
    return Companion(told["metric"], threshold)
