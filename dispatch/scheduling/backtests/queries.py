"""Reading backtests."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer

from dispatch.scheduling.backtests.models import Backtest
from dispatch.scheduling.policies.models import Policy
from kernel.db import get


def get_backtest(session: Session, backtest_id: UUID) -> Backtest:
    return get(session, Backtest, backtest_id)


def select_backtests(policy_id: UUID | None = None) -> Select[Backtest]:
    """Without the figures of every day."""
    statement = select(Backtest).options(defer(Backtest.days))
    return statement if policy_id is None else statement.where(Backtest.policy_id == policy_id)


def policies_of(session: Session, backtest: Backtest) -> tuple[Policy, Policy]:
    """The one that was in force when it was asked for, and the one that is tried."""
    found: Sequence[Policy] = session.scalars(
        select(Policy).where(Policy.id.in_([backtest.baseline_id, backtest.policy_id]))
    ).all()
    by_id = {policy.id: policy for policy in found}
    return by_id[backtest.baseline_id], by_id[backtest.policy_id]
