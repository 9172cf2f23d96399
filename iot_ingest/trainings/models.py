"""Tables of recipes and of the trainings made by them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.predictions.lifecycle import ModelKind
from iot_ingest.trainings.lifecycle import TRAINING, Promotion, TrainingStatus, TrainingStep
from kernel.db import Record, enum_of, guard_moves

IS_OPEN = text("status IN ('waiting', 'running')")


class Recipe(Record):
    """What the model of that name is trained from, how often, and who puts it to work.

    Every `every_days` it is trained anew, where `fewest_new` repairs were reported meanwhile.
    """

    __tablename__ = "recipes"
    __table_args__ = (
        CheckConstraint("cycle_minutes > 0", name="cycle_positive"),
        CheckConstraint("every_days > 0", name="days_positive"),
        CheckConstraint("fewest_new >= 0", name="fewest_not_negative"),
    )

    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[ModelKind] = mapped_column(enum_of(ModelKind))
    asset_models: Mapped[list[str]]
    metrics: Mapped[list[str]]
    cycle_minutes: Mapped[int] = mapped_column(default=60)
    fault_class: Mapped[str | None]
    every_days: Mapped[int] = mapped_column(default=7)
    fewest_new: Mapped[int] = mapped_column(default=5)
    promotion: Mapped[Promotion] = mapped_column(enum_of(Promotion), default=Promotion.BY_PERSON)
    active: Mapped[bool] = mapped_column(default=True)


class Training(Record):
    """One training by a recipe; at most one of each is open. `progress` goes from 0 to 1; `reason`
    tells what became of its candidate: {code, figures, words}."""

    __tablename__ = "trainings"
    __table_args__ = (
        Index("uq_trainings_open", "recipe_id", unique=True, postgresql_where=IS_OPEN),
        Index("ix_trainings_recipe_id_created_at", "recipe_id", "created_at"),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_is_share"),
        CheckConstraint(
            "(status IN ('waiting', 'running')) = (finished_at IS NULL)", name="ended_has_time"
        ),
    )

    recipe_id: Mapped[UUID] = mapped_column(ForeignKey("recipes.id"))
    status: Mapped[TrainingStatus] = mapped_column(
        enum_of(TrainingStatus), default=TrainingStatus.WAITING
    )
    step: Mapped[TrainingStep | None] = mapped_column(enum_of(TrainingStep))
    progress: Mapped[float] = mapped_column(default=0.0)
    labels: Mapped[int | None]
    """Lives or failures that were learned from."""
    model_id: Mapped[UUID | None] = mapped_column(ForeignKey("trained_models.id"))
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    requested_by: Mapped[str]
    finished_at: Mapped[datetime | None]


guard_moves(Training, "status", TRAINING)
