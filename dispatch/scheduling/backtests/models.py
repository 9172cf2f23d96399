"""The table of backtests."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.scheduling.backtests.lifecycle import BACKTEST, BacktestStatus
from dispatch.scheduling.policies.models import Policy
from dispatch.territories.models import Territory
from kernel.db import Record, enum_of, guard_moves


class Backtest(Record):
    """A policy tried on past days of a territory, both days included.

    `days` holds the figures of each day that is done, by arm; `result` what they come to.
    """

    __tablename__ = "backtests"
    __table_args__ = (CheckConstraint("to_day >= from_day", name="days"),)
    __audit_secret__ = {"days", "result"}

    policy_id: Mapped[UUID] = mapped_column(ForeignKey(Policy.id), index=True)
    baseline_id: Mapped[UUID] = mapped_column(ForeignKey(Policy.id))
    territory_id: Mapped[UUID] = mapped_column(ForeignKey(Territory.id))
    status: Mapped[BacktestStatus] = mapped_column(enum_of(BacktestStatus))
    from_day: Mapped[date]
    to_day: Mapped[date]
    seed: Mapped[int] = mapped_column(BigInteger)
    iterations: Mapped[int]
    days: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    message: Mapped[str | None]
    requested_by: Mapped[str]
    finished_at: Mapped[datetime | None]


guard_moves(Backtest, "status", BACKTEST)
