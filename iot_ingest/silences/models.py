"""Tables of silences, maintenance windows and inhibitions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.silences.lifecycle import Reach, SilenceKind
from kernel.db import Record, enum_of


class Silence(Record):
    """Alerts that match everything named here wait until `ends_at`; at least one thing is named."""

    __tablename__ = "silences"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(
            "num_nonnulls(rule_id, fault_class, asset_id, site_id, territory_id, model) > 0",
            name="names_something",
        ),
        Index(None, "ends_at"),
    )

    kind: Mapped[SilenceKind] = mapped_column(enum_of(SilenceKind))
    rule_id: Mapped[UUID | None] = mapped_column(ForeignKey("rules.id"))
    fault_class: Mapped[str | None]
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey("territories.id"))
    model: Mapped[str | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]


class Inhibition(Record):
    """While an alert of the source is open, those of the target within reach wait."""

    __tablename__ = "inhibitions"
    __table_args__ = (
        UniqueConstraint("source_fault_class", "target_fault_class", "reach"),
        CheckConstraint(
            "source_fault_class <> target_fault_class OR reach = 'parent_asset'",
            name="not_itself",
        ),
    )

    source_fault_class: Mapped[str]
    target_fault_class: Mapped[str] = mapped_column(index=True)
    reach: Mapped[Reach] = mapped_column(enum_of(Reach))
