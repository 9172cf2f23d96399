"""Asking for a backtest, doing it day by day, and what it comes to."""

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.events import BacktestFinished, BacktestRequested
from dispatch.scheduling import solver
from dispatch.scheduling.assignments.queries import day_bounds
from dispatch.scheduling.backtests import queries
from dispatch.scheduling.backtests.day import run_day
from dispatch.scheduling.backtests.figures import count, what_happened
from dispatch.scheduling.backtests.history import History, load_history
from dispatch.scheduling.backtests.intervals import summarize
from dispatch.scheduling.backtests.lifecycle import BACKTEST, Arm, BacktestStatus
from dispatch.scheduling.backtests.models import Backtest
from dispatch.scheduling.policies.models import Policy
from dispatch.scheduling.policies.queries import Policies, find_active, get_policy
from dispatch.territories.queries import get_territory
from kernel import clock
from kernel.db import locked, present_actor, transaction
from kernel.errors import Invalid
from kernel.events import publish
from kernel.principal import SYSTEM
from optimizer.plan import Plan
from optimizer.problem import Problem

MOST_DAYS = 62
ITERATIONS = 3_000
"""Of each plan: fewer are quicker and plan worse than the real ones."""
MOST_ITERATIONS = 100_000
WHY = "backtest"
Search = Callable[..., Plan]
"""`search(problem, iterations=, seed=, previous=)`."""


def request_backtest(
    session: Session,
    policy_id: UUID,
    from_day: date,
    to_day: date,
    *,
    territory_id: UUID | None = None,
    seed: int | None = None,
    iterations: int = ITERATIONS,
    in_background: bool = True,
) -> Backtest:
    """Ask for a policy to be tried on days that are over, both included, in its own territory.

    Without `in_background` whoever asked carries it on with `run_backtest_day`.

    Raises Invalid `territory_needed` for a policy of the rest without a territory to try it in,
    `territory_unknown` for another one than its own, `days_range`, `limit_range`.
    """
    policy = get_policy(session, policy_id)
    wanted = policy.territory_id or territory_id
    if wanted is None:
        raise Invalid("Say in which territory to try it.", code="territory_needed")
    if territory_id not in (None, wanted):
        raise Invalid("This policy is of another territory.", code="territory_unknown")
    territory = get_territory(session, wanted)
    days = (to_day - from_day).days + 1
    today = clock.now(session).astimezone(ZoneInfo(territory.time_zone)).date()
    if not 1 <= days <= MOST_DAYS or not clock.EARLIEST.date() <= from_day <= to_day <= today:
        raise Invalid(f"1 to {MOST_DAYS} days that have begun.", code="days_range")
    if not 1 <= iterations <= MOST_ITERATIONS:
        raise Invalid(f"1 to {MOST_ITERATIONS} iterations.", code="limit_range")
    baseline = find_active(session, wanted) or find_active(session, None) or policy
    backtest = Backtest(
        policy_id=policy.id,
        baseline_id=baseline.id,
        territory_id=wanted,
        status=BacktestStatus.RUNNING,
        from_day=from_day,
        to_day=to_day,
        seed=secrets.randbelow(2**31) if seed is None else seed,
        iterations=iterations,
        requested_by=present_actor(session),
    )
    session.add(backtest)
    session.flush()
    if in_background:
        _ask(session, backtest, from_day)
    return backtest


def run_backtest_day(
    backtest_id: UUID, day: date, search: Search = solver.search, *, in_background: bool = True
) -> None:
    """One day; then the next is asked for, or the whole is summed up. Safe to repeat."""
    with transaction(SYSTEM, why=WHY) as session:
        backtest = queries.get_backtest(session, backtest_id)
        done = {item["day"] for item in backtest.days}
        if backtest.status is not BacktestStatus.RUNNING or day.isoformat() in done:
            return
        seed, iterations = backtest.seed, backtest.iterations
        active, candidate = queries.policies_of(session, backtest)
        territory = get_territory(session, backtest.territory_id)
        start, end = day_bounds(day, territory.time_zone)
        now = clock.now(session)
        history = load_history(session, territory.id, territory.time_zone, start, min(end, now))
        session.expunge_all()
    arms = compare(history, active, candidate, seed, iterations, search)
    with transaction(SYSTEM, why=WHY) as session:
        backtest = _keep(session, backtest_id, day, arms)
        if in_background and backtest.status is BacktestStatus.RUNNING:
            _ask(session, backtest, day + timedelta(days=1))


def _ask(session: Session, backtest: Backtest, day: date) -> None:
    territory_id = backtest.territory_id
    publish(session, BacktestRequested(backtest_id=backtest.id, day=day, territory_id=territory_id))


def compare(
    history: History,
    active: Policy,
    candidate: Policy,
    seed: int,
    iterations: int,
    search: Search = solver.search,
) -> dict[str, Any]:
    """The figures of one day by arm."""

    def solve(problem: Problem, previous: Plan) -> Plan:
        return search(problem, iterations=iterations, seed=seed, previous=previous)

    arms: dict[str, Any] = {}
    for arm, policy in ((Arm.ACTIVE, active), (Arm.CANDIDATE, candidate)):
        if arm is Arm.CANDIDATE and candidate.id == active.id:
            arms[arm] = arms[Arm.ACTIVE]
            continue
        world = run_day(history, Policies({None: policy}), solve)
        arms[arm] = count(world, world.done).to_json()
        arms.setdefault(Arm.ACTUAL, count(world, what_happened(history)).to_json())
    return arms


def _keep(session: Session, backtest_id: UUID, day: date, arms: dict[str, Any]) -> Backtest:
    [backtest] = locked(session, Backtest, [backtest_id])
    if backtest.status is not BacktestStatus.RUNNING:
        return backtest
    backtest.days = [*backtest.days, {"day": day.isoformat(), "arms": arms}]
    session.flush()
    if day >= backtest.to_day:
        backtest.result = summarize(backtest.days, backtest.seed)
        _finish(session, backtest, BacktestStatus.DONE)
    return backtest


def fail(session: Session, backtest_id: UUID, message: str) -> None:
    [backtest] = locked(session, Backtest, [backtest_id])
    if backtest.status is BacktestStatus.RUNNING:
        backtest.message = message
        _finish(session, backtest, BacktestStatus.FAILED)


def _finish(session: Session, backtest: Backtest, to: BacktestStatus) -> None:
    BACKTEST.check(backtest.status, to)
    backtest.status = to
    backtest.finished_at = clock.now(session)
    session.flush()
    publish(session, BacktestFinished(backtest_id=backtest.id, territory_id=backtest.territory_id))
