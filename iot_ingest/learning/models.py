"""The table of verdicts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.learning.lifecycle import FaultFound, JudgedBy
from kernel.db import Record, enum_of


class Verdict(Record):
    """What an alert turned out to be; one per alert.

    `truck_rolled` says that somebody went there; `had_failed` that it was too late to avoid the
    failure; `lead_minutes` lie between the alert and the moment somebody saw to it.
    """

    __tablename__ = "verdicts"
    __table_args__ = (
        CheckConstraint("lead_minutes >= 0", name="lead_not_negative"),
        Index(None, "rule_id", "judged_at"),
    )

    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"), unique=True)
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("rules.id"))
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), index=True)
    found: Mapped[FaultFound] = mapped_column(enum_of(FaultFound))
    judged_by: Mapped[JudgedBy] = mapped_column(enum_of(JudgedBy))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"))
    truck_rolled: Mapped[bool]
    had_failed: Mapped[bool]
    lead_minutes: Mapped[int | None]
    judged_at: Mapped[datetime]
