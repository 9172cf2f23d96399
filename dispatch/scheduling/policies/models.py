"""The table of dispatch policies."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.scheduling.policies.lifecycle import DispatchMode
from dispatch.territories.models import Territory
from kernel.db import Record, enum_of


class DispatchPolicy(Record):
    """One per territory; the one without a territory holds for the rest.

    The locks say what a plan may no longer change once a visit is dispatched.
    """

    __tablename__ = "dispatch_policies"
    __table_args__ = (
        UniqueConstraint("territory_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("lead_minutes >= 0", name="lead"),
    )

    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey(Territory.id))
    mode: Mapped[DispatchMode] = mapped_column(
        enum_of(DispatchMode), default=DispatchMode.LEAD_TIME
    )
    lead_minutes: Mapped[int] = mapped_column(default=120)
    lock_technician: Mapped[bool] = mapped_column(default=True)
    lock_day: Mapped[bool] = mapped_column(default=True)
    lock_time: Mapped[bool] = mapped_column(default=False)
