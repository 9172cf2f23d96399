"""Tables of trained models, and of what detectors remember of each stream."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.predictions.lifecycle import MODEL, ModelKind, ModelStatus
from kernel.db import Base, Record, enum_of, guard_moves

IS_PROMOTED = text("status = 'promoted'")


class TrainedModel(Record):
    """One training of the model of that name. `content` is plain JSON, `card` what its backtest
    showed; of one name at most one number is promoted."""

    __tablename__ = "trained_models"
    __table_args__ = (
        UniqueConstraint("name", "number"),
        Index("uq_trained_models_promoted", "name", unique=True, postgresql_where=IS_PROMOTED),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint(
            "status = 'trained' OR (card ->> 'passes')::boolean", name="promoted_has_passing_card"
        ),
    )
    __audit_secret__: ClassVar[set[str]] = {"content"}

    name: Mapped[str]
    number: Mapped[int]
    kind: Mapped[ModelKind] = mapped_column(enum_of(ModelKind))
    status: Mapped[ModelStatus] = mapped_column(enum_of(ModelStatus), default=ModelStatus.TRAINED)
    content: Mapped[dict[str, Any]]
    card: Mapped[dict[str, Any]]


class DetectorState(Base):
    """What the streaming detector knows of one metric of a device, up to `last_ts`."""

    __tablename__ = "detector_states"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[dict[str, Any]]
    last_ts: Mapped[datetime]
    alerted_at: Mapped[datetime | None]
    """When the reading that last gave an alert was measured."""


guard_moves(TrainedModel, "status", MODEL)
