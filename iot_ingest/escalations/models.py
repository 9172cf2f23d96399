"""The table of what was escalated: the inbox of the office."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.escalations.lifecycle import EscalationKind
from kernel.db import Record, enum_of


class Escalation(Record):
    """An alert that nobody took on in time, or a rule whose alerts need review first; until
    somebody settles it. One for each alert, raised level by level."""

    __tablename__ = "escalations"
    __table_args__ = (
        CheckConstraint("(alert_id IS NULL) <> (rule_id IS NULL)", name="one_subject"),
        CheckConstraint("(kind = 'rule_demoted') = (rule_id IS NOT NULL)", name="kind_of_subject"),
        CheckConstraint("level > 0", name="level_positive"),
        Index("uq_escalations_alert_id", "alert_id", unique=True),
        Index(
            "uq_escalations_rule_open",
            "rule_id",
            unique=True,
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    kind: Mapped[EscalationKind] = mapped_column(enum_of(EscalationKind))
    alert_id: Mapped[UUID | None] = mapped_column(ForeignKey("alerts.id"))
    rule_id: Mapped[UUID | None] = mapped_column(ForeignKey("rules.id"))
    territory_id: Mapped[UUID | None]
    level: Mapped[int] = mapped_column(default=1)
    words: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Per language."""
    told: Mapped[int] = mapped_column(default=0)
    """How many people were written to."""
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
