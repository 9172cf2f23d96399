"""Backtests asked for, done day by day, summed up, and told."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.backtests.figures import METRICS, DayFigures, gini, metric
from dispatch.scheduling.backtests.intervals import summarize
from dispatch.scheduling.backtests.lifecycle import BacktestStatus
from dispatch.scheduling.backtests.models import Backtest
from dispatch.scheduling.backtests.schemas import BacktestDetail
from dispatch.scheduling.backtests.service import request_backtest, run_backtest_day
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.policies.service import create_version
from kernel import clock
from kernel.errors import Invalid
from optimizer.limits import Limits
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.solve import solve as solve_here
from server.commands.backtest import told
from tests.client import ApiClient
from tests.dispatch.scheduling.backtests.test_days import MONDAY, ordered_at, town_of
from tests.principals import dispatcher, principal

HOUR = timedelta(hours=1)
DAYS = [MONDAY.date() + timedelta(days=n) for n in range(2)]


def search(problem: Problem, *, iterations: int, seed: int, previous: Plan | None = None) -> Plan:
    return solve_here(problem, Limits(iterations=iterations), seed, previous)


def day(**sums: float) -> dict[str, Any]:
    return {
        "arms": {arm: DayFigures(**sums).to_json() for arm in ("actual", "active", "candidate")}
    }  # type: ignore[arg-type]  # sums are whole


def run(session: Session) -> Backtest:
    town = town_of(session)
    for n in range(4):
        at = MONDAY + (n // 2) * 24 * HOUR + n * HOUR
        ordered_at(session, town, at, due_at=at + 6 * HOUR, east=0.02 * n)
    clock.freeze(session, MONDAY + 48 * HOUR)
    rules = Rules(weights={"travel": 400})
    policy = create_version(session, "Near", rules, territory_id=town.territory.id)
    backtest = request_backtest(session, policy.id, *DAYS, seed=7, iterations=40)
    session.flush()
    for one in DAYS:
        run_backtest_day(backtest.id, one, search)
    session.expire_all()
    return session.get_one(Backtest, backtest.id)


class TestBacktest:
    def test_compares_three_courses_of_every_day(self, session: Session) -> None:
        backtest = run(session)
        assert backtest.status is BacktestStatus.DONE
        assert [item["day"] for item in backtest.days] == [one.isoformat() for one in DAYS]
        assert backtest.result is not None
        for arm in ("active", "candidate"):
            assert backtest.result["arms"][arm]["sla_met_pct"]["value"] == 100
        assert backtest.result["arms"]["actual"]["unserved"]["value"] == 2
        assert set(backtest.result["differences"]["candidate-active"]) == set(METRICS)

    def test_does_a_day_once(self, session: Session) -> None:
        backtest = run(session)
        run_backtest_day(backtest.id, DAYS[0], search)
        session.expire_all()
        assert len(backtest.days) == 2

    def test_is_told_as_a_table(self, session: Session) -> None:
        text = told(BacktestDetail.model_validate(run(session)))
        assert "sla_met_pct" in text
        assert "2 days, seed 7, 40 iterations a plan" in text

    @pytest.mark.parametrize(
        ("first", "last", "code"),
        [(1, 0, "days_range"), (0, 400, "days_range"), (900, 901, "days_range")],
    )
    def test_refuses_days_that_are_not_over(
        self, session: Session, first: int, last: int, code: str
    ) -> None:
        town = town_of(session)
        policy = create_version(session, "Near", Rules(), territory_id=town.territory.id)
        start = MONDAY.date()
        with pytest.raises(Invalid) as refusal:
            request_backtest(
                session, policy.id, start + timedelta(days=first), start + timedelta(days=last)
            )
        assert refusal.value.code == code

    @pytest.mark.parametrize("day", [date.min, date.max])
    def test_refuses_days_at_the_end_of_the_calendar(self, session: Session, day: date) -> None:
        town = town_of(session)
        policy = create_version(session, "Near", Rules(), territory_id=town.territory.id)
        with pytest.raises(Invalid) as refusal:
            request_backtest(session, policy.id, day, day)
        assert refusal.value.code == "days_range"

    def test_asks_where_to_try_a_policy_of_the_rest(self, session: Session) -> None:
        town_of(session)
        policy = create_version(session, "Near", Rules())
        with pytest.raises(Invalid) as refusal:
            request_backtest(session, policy.id, DAYS[0], DAYS[0])
        assert refusal.value.code == "territory_needed"


class TestSummarize:
    def test_has_no_interval_for_one_day(self) -> None:
        found = summarize([day(visits=4, cost_cents=400)], 1)
        figure = found["arms"]["active"]["cost_cents_per_visit"]
        assert figure == {"value": 100, "low": None, "high": None}

    def test_draws_whole_days(self) -> None:
        days = [day(visits=1, cost_cents=100), day(visits=3, cost_cents=900)]
        figure = summarize(days, 1)["arms"]["active"]["cost_cents_per_visit"]
        assert figure == {"value": 250, "low": 100, "high": 300}

    def test_pairs_the_days_of_a_difference(self) -> None:
        days = [day(visits=n, cost_cents=100 * n * n) for n in (1, 2, 3)]
        figure = summarize(days, 1)["differences"]["candidate-active"]["cost_cents_per_visit"]
        assert figure == {"value": 0, "low": 0, "high": 0}

    def test_is_the_same_for_the_same_seed(self) -> None:
        days = [day(visits=n, cost_cents=50 * n) for n in (1, 2, 3, 5)]
        assert summarize(days, 3) == summarize(days, 3)

    def test_says_nothing_where_nothing_was_promised(self) -> None:
        assert metric("promises_kept_pct", [DayFigures().to_json()]) is None


class TestGini:
    def test_is_0_when_all_have_the_same(self) -> None:
        assert gini([5, 5, 5]) == 0

    def test_is_two_thirds_when_one_of_three_has_everything(self) -> None:
        assert gini([0, 0, 9]) == pytest.approx(2 / 3)

    def test_is_0_of_nothing(self) -> None:
        assert gini([]) == gini([0, 0]) == 0


class TestApi:
    def test_is_asked_for_by_managers_and_read_by_the_office(
        self, session: Session, client: Callable[..., ApiClient]
    ) -> None:
        town = town_of(session)
        clock.freeze(session, MONDAY + 48 * HOUR)
        policy = create_version(session, "Near", Rules(), territory_id=town.territory.id)
        wanted = {"policy_id": str(policy.id), "from_day": "2026-03-02", "to_day": "2026-03-03"}
        assert client(dispatcher()).post("/api/backtests", json=wanted).status_code == 403
        asked = client(principal("supervisor")).post("/api/backtests", json=wanted)
        assert asked.status_code == 202
        listed = client(dispatcher()).get(f"/api/backtests?policy_id={policy.id}").json()["items"]
        assert [item["id"] for item in listed] == [asked.json()["id"]]
        detail = client(dispatcher()).get(f"/api/backtests/{asked.json()['id']}").json()
        assert (detail["status"], detail["days"]) == ("running", [])
