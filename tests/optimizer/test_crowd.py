"""Whom a plan asks for a job, in which order, and who stands behind them."""

import itertools
import random
from dataclasses import replace

import pytest

from optimizer.check import check
from optimizer.codec import dumps, plan_from_json, plan_to_json
from optimizer.crowd import Asked, Crowd, Offer
from optimizer.job import Promise, Window
from optimizer.limits import Limits
from optimizer.offering import expected_cents, worth_asking
from optimizer.plan import Plan, Score, Unassigned
from optimizer.solve import solve
from optimizer.violation import Code
from tests.factories.optimizer import HOUR, MINUTE, make_job, make_plan, make_problem, make_shift

CLEO, DAN = Offer("cleo", 6_000, 50), Offer("dan", 4_000, 50)
CROWD = Crowd(9 * HOUR, (CLEO, DAN), fallback_cents=20_000, ask_until=8 * HOUR)
DEAR = make_shift(work_cents_per_hour=30_000)


class TestWorthAsking:
    def test_asks_the_cheapest_first(self) -> None:
        assert worth_asking(CROWD) == (DAN, CLEO)

    def test_asks_nobody_who_costs_more_than_nobody(self) -> None:
        assert worth_asking(replace(CROWD, fallback_cents=5_000)) == (DAN,)

    def test_asks_each_once_at_the_pay_that_saves_most(self) -> None:
        low, high = Offer("dan", 3_000, 10), Offer("dan", 5_000, 60)
        assert worth_asking(replace(CROWD, offers=(low, high))) == (high,)

    def test_asks_only_who_has_time_to_answer(self) -> None:
        hurried = replace(CROWD, ask_from=8 * HOUR - 15 * MINUTE)
        assert worth_asking(hurried) == (DAN,)

    @pytest.mark.parametrize("seed", range(20))
    def test_no_other_order_is_cheaper(self, seed: int) -> None:
        dice = random.Random(seed)
        offers = tuple(
            Offer(name, dice.randint(0, 9_000), dice.randint(1, 99), dice.randint(1, 100))
            for name in "abcd"
        )
        crowd = Crowd(10 * HOUR, offers, 10_000, 9 * HOUR)
        best = expected_cents(worth_asking(crowd), 10_000)
        orders = itertools.permutations(offers)
        assert best <= min(expected_cents(order, 10_000) for order in orders) + 1e-6


class TestSolve:
    def test_leaves_a_job_to_the_crowd_where_that_is_cheaper(self) -> None:
        problem = make_problem([DEAR], [make_job(crowd=CROWD, unserved_cents=40_000)])
        plan = solve(problem, Limits(iterations=3))
        [left] = plan.unassigned
        assert left.asked is not None
        assert left.asked.backup is not None
        assert (left.asked.offers, left.asked.done_pct) == ((DAN, CLEO), 75)
        assert (left.asked.confirm_by, left.asked.is_firm) == (20 * MINUTE, True)
        backup = left.asked.backup
        assert (backup.shift_id, backup.technician_id) == ("anna-day", "anna")
        assert (backup.start, backup.end, backup.cents) == (29_400, 33_000, 30_000)
        assert plan.score == Score(crowd=8_500)
        assert check(problem, plan) == []

    def test_sends_its_own_where_that_is_cheaper(self) -> None:
        job = make_job(crowd=replace(CROWD, fallback_cents=130_000), unserved_cents=40_000)
        plan = solve(make_problem([DEAR], [job]), Limits(iterations=3))
        assert [stop.job_id for stop in plan.routes[0].stops] == ["boiler"]

    def test_the_backup_waits_for_the_answers(self) -> None:
        slow = replace(CROWD, offers=(replace(DAN, answer_seconds=HOUR),), ask_from=8 * HOUR)
        slow = replace(slow, ask_until=9 * HOUR, start=10 * HOUR)
        problem = make_problem([DEAR], [make_job(crowd=slow, unserved_cents=40_000)])
        [left] = solve(problem, Limits(iterations=3)).unassigned
        assert left.asked is not None
        assert left.asked.backup is not None
        assert left.asked.backup.start == 9 * HOUR

    def test_all_backups_are_possible_together(self) -> None:
        shift = replace(DEAR, max_jobs=2)
        jobs = [make_job(name, crowd=CROWD, unserved_cents=40_000) for name in "abc"]
        plan = solve(make_problem([shift], jobs), Limits(iterations=3))
        backups = [left.asked.backup for left in plan.unassigned if left.asked]
        assert [backup is not None for backup in backups] == [True, True, False]

    def test_a_promise_that_nobody_is_sure_to_keep_is_named_and_charged(self) -> None:
        promise = Promise(window=Window(9 * HOUR, 10 * HOUR), window_cents=900)
        job = make_job(crowd=CROWD, promise=promise, unserved_cents=40_000)
        problem = make_problem([], [job])
        plan = solve(problem, Limits(iterations=3))
        [left] = plan.unassigned
        assert left.asked is not None
        assert (left.asked.is_uncovered, left.asked.is_firm) == (True, False)
        assert (plan.score.unserved, plan.score.crowd) == (40_000, 0)
        assert check(problem, plan) == []

    def test_a_promise_comes_before_a_cheaper_crowd(self) -> None:
        promise = Promise(window=Window(9 * HOUR, 10 * HOUR), window_cents=900)
        job = make_job(crowd=CROWD, promise=promise, unserved_cents=40_000)
        plan = solve(make_problem([DEAR], [job]), Limits(iterations=3))
        assert [stop.job_id for stop in plan.routes[0].stops] == ["boiler"]

    def test_sends_its_own_first_where_it_shall(self) -> None:
        own_first = replace(CROWD, own_first=True)
        jobs = [make_job(name, crowd=own_first, unserved_cents=40_000) for name in "ab"]
        shift = replace(DEAR, work_cents_per_hour=15_000, max_jobs=1)
        problem = make_problem([shift], jobs)
        plan = solve(problem, Limits(iterations=3))
        assert [len(route.stops) for route in plan.routes] == [1]
        [left] = plan.unassigned
        assert left.asked is not None, "who is left over is asked all the same"
        assert (left.asked.offers, plan.score.crowd) == ((DAN, CLEO), 20_000)
        assert check(problem, plan) == []

    def test_survives_its_codec(self) -> None:
        problem = make_problem([DEAR], [make_job(crowd=CROWD, unserved_cents=40_000)])
        plan = solve(problem, Limits(iterations=3))
        written = dumps(plan_to_json(plan))
        assert dumps(plan_to_json(plan_from_json(plan_to_json(plan)))) == written


class TestCheck:
    def asked(self, **over: object) -> Plan:
        values = {"start": 9 * HOUR, "offers": (DAN,), "done_pct": 50, "confirm_by": 600}
        left = Unassigned("boiler", asked=Asked(**values | over))  # type: ignore[arg-type]  # test
        return replace(make_plan(), unassigned=(left,))

    @pytest.mark.parametrize(
        ("over", "codes"),
        [
            ({}, []),
            ({"offers": (Offer("eve", 1, 1),)}, [Code.OFFER_UNKNOWN]),
            ({"offers": (DAN, DAN)}, [Code.OFFER_UNKNOWN]),
            ({"start": 10 * HOUR}, [Code.OFFER_UNKNOWN]),
        ],
    )
    def test_tells_who_may_not_be_asked(self, over: dict[str, object], codes: list[Code]) -> None:
        problem = make_problem([], [make_job(crowd=CROWD)])
        assert [found.code for found in check(problem, self.asked(**over))] == codes

    def test_tells_a_promise_that_rests_on_freelancers_alone(self) -> None:
        promise = Promise(window=Window(9 * HOUR, 10 * HOUR))
        problem = make_problem([], [make_job(crowd=CROWD, promise=promise)])
        assert [v.code for v in check(problem, self.asked())] == [Code.PROMISE_UNBACKED]
        assert check(problem, self.asked(is_uncovered=True)) == []
