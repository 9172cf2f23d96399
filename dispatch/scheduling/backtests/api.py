"""Trying a policy on the past, and looking at what came out."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Manager, Office
from dispatch.scheduling.backtests import queries, service
from dispatch.scheduling.backtests.models import Backtest
from dispatch.scheduling.backtests.schemas import BacktestDetail, BacktestIn, BacktestLine
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import page_of

router = Router(prefix="/api/backtests", tags=["policies"])


@router.post("", response_model=BacktestLine, status_code=202)
def request_backtest(session: Session, _: Manager, wanted: BacktestIn) -> Backtest:
    """Done in the background, a day at a time."""
    return service.request_backtest(session, **wanted.model_dump())


@router.get("")
def list_backtests(
    session: Session,
    _: Office,
    policy_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Page[BacktestLine]:
    """Newest first."""
    statement = queries.select_backtests(policy_id)
    found = paginate(session, statement, Backtest.id, cursor, limit, newest_first=True)
    return page_of(BacktestLine, found)


@router.get("/{backtest_id}", response_model=BacktestDetail)
def get_backtest(session: Session, _: Office, backtest_id: UUID) -> Backtest:
    return queries.get_backtest(session, backtest_id)
