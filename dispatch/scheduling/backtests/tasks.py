"""What carries a backtest on, a day at a time, so that plans of today get between."""

from dispatch.events import BacktestRequested
from dispatch.scheduling.backtests.service import WHY, fail, run_backtest_day
from kernel.db import transaction
from kernel.errors import DomainError
from kernel.jobs import on
from kernel.principal import SYSTEM


@on(BacktestRequested, name="scheduling.backtest_day", queue="planning", outside=True, retries=2)
def backtest_day(event: BacktestRequested, key: str) -> None:
    try:
        run_backtest_day(event.backtest_id, event.day)
    except DomainError as error:
        with transaction(SYSTEM, why=WHY) as session:
            fail(session, event.backtest_id, error.message)
