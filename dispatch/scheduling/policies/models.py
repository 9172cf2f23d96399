"""The table of dispatch policies."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.scheduling.policies.lifecycle import (
    MOVE_CENTS,
    REPAIR_BUDGET,
    TOLD_MOVE_CENTS,
    DispatchMode,
)
from dispatch.territories.models import Territory
from kernel.db import Record, enum_of


class DispatchPolicy(Record):
    """One per territory; the one without a territory holds for the rest.

    The locks say what a plan may no longer change once a visit is dispatched; the prices, what
    it must save to send somebody else. A repair that breaks more promises than its budget waits
    for a person.
    """

    __tablename__ = "dispatch_policies"
    __table_args__ = (
        UniqueConstraint("territory_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("lead_minutes >= 0", name="lead"),
        CheckConstraint("move_cents >= 0 AND told_move_cents >= 0", name="prices"),
        CheckConstraint("repair_budget >= 0", name="repair_budget"),
    )

    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey(Territory.id))
    mode: Mapped[DispatchMode] = mapped_column(
        enum_of(DispatchMode), default=DispatchMode.LEAD_TIME
    )
    lead_minutes: Mapped[int] = mapped_column(default=120)
    lock_technician: Mapped[bool] = mapped_column(default=True)
    lock_day: Mapped[bool] = mapped_column(default=True)
    lock_time: Mapped[bool] = mapped_column(default=False)
    move_cents: Mapped[int] = mapped_column(default=MOVE_CENTS)
    told_move_cents: Mapped[int] = mapped_column(default=TOLD_MOVE_CENTS)
    repair_budget: Mapped[int] = mapped_column(default=REPAIR_BUDGET)
