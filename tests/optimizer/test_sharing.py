"""For which jobs freelancers are asked where a share does not suffice for all of them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from optimizer.check import check
from optimizer.codec import dumps, problem_from_json, problem_to_json
from optimizer.crowd import Asked, Crowd, Offer, ShareCap
from optimizer.limits import Limits
from optimizer.plan import Plan, Unassigned
from optimizer.problem import Problem
from optimizer.solve import Engine, solve
from optimizer.violation import Code
from tests.factories.optimizer import HOUR, make_job, make_plan, make_problem, make_shift
from tests.optimizer.strategies import shared_problems

DAN = Offer("dan", 4_000, 50)
CROWD = Crowd(9 * HOUR, (DAN,), fallback_cents=20_000, ask_until=8 * HOUR)
DEAR = make_shift(work_cents_per_hour=30_000)


def shared(most: int, *, shifts: int = 1, jobs: str = "abc") -> Problem:
    """Jobs that freelancers do for 12,000 and the shift for 30,000; left out they cost more."""
    found = [
        make_job(name, crowd=CROWD, unserved_cents=40_000 + 1_000 * at)
        for at, name in enumerate(jobs)
    ]
    cap = ShareCap("town", tuple(jobs), most)
    return make_problem([DEAR][:shifts], found, share_caps=(cap,))


def asked_of(plan: Plan) -> list[str]:
    return [left.job_id for left in plan.unassigned if left.asked]


class TestShareCap:
    def test_is_of_some_jobs(self) -> None:
        for wrong in ({"job_ids": ()}, {"job_ids": ("a", "a")}, {"most": -1}):
            with pytest.raises(ValueError, match="Share town"):
                ShareCap(**{"name": "town", "job_ids": ("a",), "most": 1, **wrong})  # type: ignore[arg-type]  # wrong on purpose

    def test_names_jobs_of_the_problem(self) -> None:
        with pytest.raises(ValueError, match="there is no job z"):
            make_problem(share_caps=(ShareCap("town", ("boiler", "z"), 1),))

    def test_narrows_to_other_jobs(self) -> None:
        cap = ShareCap("town", ("a", "b"), 1)
        assert cap.within({"b", "c"}) == ShareCap("town", ("b",), 1)
        assert cap.within({"c"}) is None


class TestSharesKept:
    @pytest.mark.parametrize(("most", "codes"), [(2, []), (1, [Code.SHARE_EXCEEDED])])
    def test_counts_who_is_asked(self, most: int, codes: list[Code]) -> None:
        asked = Asked(9 * HOUR, (DAN,), done_pct=50, confirm_by=600)
        left = (Unassigned("a", asked=asked), Unassigned("b", asked=asked), Unassigned("c"))
        plan = replace(make_plan(), unassigned=left)
        found = check(shared(most, shifts=0), plan)
        assert [(one.code, one.amount) for one in found] == [(code, 1) for code in codes]


class TestSolve:
    def test_asks_for_what_saves_most(self) -> None:
        plan = solve(shared(1, shifts=0), Limits(iterations=3))
        assert asked_of(plan) == ["c"]
        assert {left.job_id: left.share_cap for left in plan.unassigned} == {
            "a": "town", "b": "town", "c": None,
        }  # fmt: skip

    @pytest.mark.parametrize("engine", ["ruin", "routing"])
    def test_hands_over_as_much_as_the_share_allows(self, engine: Engine) -> None:
        problem = shared(2)
        plan = solve(problem, Limits(iterations=3), engine=engine)
        assert len(asked_of(plan)) == 2
        assert sum(len(route.stops) for route in plan.routes) == 1
        assert check(problem, plan) == []

    def test_gives_the_shift_what_there_is_room_for_then(self) -> None:
        problem = shared(1)
        full = replace(problem, shifts=(replace(DEAR, max_jobs=2),))
        plan = solve(full, Limits(iterations=3))
        assert (len(asked_of(plan)), sum(len(route.stops) for route in plan.routes)) == (1, 2)

    def test_changes_nothing_where_the_share_suffices(self) -> None:
        problem = shared(3)
        plan = solve(problem, Limits(iterations=3))
        assert plan == solve(replace(problem, share_caps=()), Limits(iterations=3))
        assert asked_of(plan) == ["a", "b", "c"]

    def test_asks_nobody_without_a_share(self) -> None:
        plan = solve(shared(0), Limits(iterations=3))
        assert (asked_of(plan), sum(len(route.stops) for route in plan.routes)) == ([], 3)

    def test_keeps_every_share(self) -> None:
        problem = shared(2)
        both = replace(problem, share_caps=(*problem.share_caps, ShareCap("gas", ("b", "c"), 0)))
        plan = solve(both, Limits(iterations=3))
        assert asked_of(plan) == ["a"]
        assert check(both, plan) == []

    def test_asks_for_two_that_save_more_together_than_the_dearest(self) -> None:
        caps = ShareCap("gas", ("a", "c"), 1), ShareCap("town", ("b", "c"), 1)
        plan = solve(replace(shared(0, shifts=0), share_caps=caps), Limits(iterations=3))
        assert asked_of(plan) == ["a", "b"]
        assert {left.job_id: left.share_cap for left in plan.unassigned}["c"] == "gas"

    def test_hands_over_nothing_where_ones_own_come_first(self) -> None:
        problem = shared(2)
        first = replace(CROWD, own_first=True)
        jobs = tuple(replace(job, crowd=first) for job in problem.jobs)
        cheap = replace(DEAR, work_cents_per_hour=15_000)
        plan = solve(replace(problem, jobs=jobs, shifts=(cheap,)), Limits(iterations=3))
        assert asked_of(plan) == []

    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(shared_problems())
    def test_makes_plans_without_violations(self, problem: Problem) -> None:
        assert check(problem, solve(problem, Limits(iterations=5), seed=3)) == []

    def test_survives_its_codec(self) -> None:
        written = dumps(problem_to_json(shared(1)))
        assert dumps(problem_to_json(problem_from_json(problem_to_json(shared(1))))) == written
