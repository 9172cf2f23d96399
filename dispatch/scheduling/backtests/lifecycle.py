"""States of a backtest, and whose figures it compares."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class BacktestStatus(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Arm(StrEnum):
    """What really happened, the policy that was in force, and the one that is tried."""

    ACTUAL = "actual"
    ACTIVE = "active"
    CANDIDATE = "candidate"


_S = BacktestStatus
BACKTEST: Lifecycle[BacktestStatus] = Lifecycle(
    "backtest", initial={_S.RUNNING}, moves={_S.RUNNING: {_S.DONE, _S.FAILED}}
)
