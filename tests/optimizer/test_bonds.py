"""Jobs bound to each other: exact violations, places found together, and the search at work."""

import json
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

from optimizer.bond import Bundle, Precedence, Together
from optimizer.check import check
from optimizer.codec import dumps, plan_to_json, problem_from_json, problem_to_json
from optimizer.explain import explain
from optimizer.insertions import insertions
from optimizer.job import Window
from optimizer.limits import Limits
from optimizer.plan import Plan, ReasonCode
from optimizer.problem import Problem
from optimizer.score import score
from optimizer.shift import Committed
from optimizer.solve import solve
from optimizer.violation import Code
from tests.factories.optimizer import (
    HOUR,
    MINUTE,
    make_job,
    make_plan,
    make_problem,
    make_route,
    make_shift,
)
from tests.optimizer.strategies import DAY, problems

MANY = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
PAID = {"travel_cents_per_hour": 3000}


def starts(plan: Plan) -> dict[str, int]:
    return {stop.job_id: stop.start for route in plan.routes for stop in route.stops}


def technicians(problem: Problem, plan: Plan) -> dict[str, str]:
    names = problem.shift_by_id
    return {s.job_id: names[r.shift_id].technician_id for r in plan.routes for s in r.stops}


class TestPrecedence:
    def problem(self, **over: int) -> Problem:
        jobs = [make_job("paint"), make_job("varnish")]
        bond = Precedence("paint", "varnish", **over)
        return make_problem(jobs=jobs, precedences=(bond,))

    def found(self, problem: Problem, *stops: tuple[str, int]) -> list[tuple[Code, int]]:
        left = tuple(job.id for job in problem.jobs if job.id not in dict(stops))
        plan = make_plan(make_route(problem.shifts[0], problem, *stops), left=left)
        return [(violation.code, violation.amount) for violation in check(problem, plan)]

    def test_passes_within_its_delays(self) -> None:
        problem = self.problem(min_delay=HOUR, max_delay=2 * HOUR)
        for second in (11 * HOUR, 12 * HOUR):
            assert self.found(problem, ("paint", 9 * HOUR), ("varnish", second)) == []

    def test_tells_how_much_too_soon(self) -> None:
        found = self.found(
            self.problem(min_delay=HOUR), ("paint", 9 * HOUR), ("varnish", 10 * HOUR)
        )
        assert found == [(Code.DELAY_TOO_SHORT, HOUR)]

    def test_tells_how_much_too_late(self) -> None:
        found = self.found(self.problem(max_delay=60), ("paint", 9 * HOUR), ("varnish", 11 * HOUR))
        assert found == [(Code.DELAY_TOO_LONG, HOUR - 60)]

    def test_refuses_the_second_alone(self) -> None:
        assert self.found(self.problem(), ("varnish", 9 * HOUR)) == [(Code.BEFORE_MISSING, 0)]

    def test_allows_the_first_alone(self) -> None:
        assert self.found(self.problem(), ("paint", 9 * HOUR)) == []

    def test_holds_nothing_against_facts(self) -> None:
        fact = Committed("varnish", 9 * HOUR, 10 * HOUR, 600)
        problem = make_problem(
            [make_shift(committed=(fact,))],
            [make_job("paint"), make_job("varnish")],
            precedences=(Precedence("paint", "varnish"),),
        )
        assert self.found(problem, ("varnish", 9 * HOUR)) == []

    def test_refuses_a_circle(self) -> None:
        jobs = [make_job("a"), make_job("b")]
        with pytest.raises(ValueError, match="form a circle"):
            make_problem(jobs=jobs, precedences=(Precedence("a", "b"), Precedence("b", "a")))

    def test_refuses_what_it_does_not_know(self) -> None:
        with pytest.raises(ValueError, match="job b is not known"):
            make_problem(jobs=[make_job("a")], precedences=(Precedence("a", "b"),))

    def test_refuses_a_longest_delay_below_the_shortest(self) -> None:
        with pytest.raises(ValueError, match="no shorter than the shortest"):
            Precedence("a", "b", 10, 9)


class TestBundle:
    def problem(self, together: Together = Together.TECHNICIAN) -> Problem:
        shifts = [
            make_shift("anna"),
            make_shift("anna", id="anna-next", start=DAY + 8 * HOUR, end=DAY + 16 * HOUR),
            make_shift("ben"),
        ]
        jobs = [make_job("a"), make_job("b")]
        return make_problem(shifts, jobs, bundles=(Bundle(("a", "b"), together),))

    def found(self, problem: Problem, *places: tuple[int, str, int]) -> list[Code]:
        routes: dict[int, list[tuple[str, int]]] = {}
        for shift, job_id, start in places:
            routes.setdefault(shift, []).append((job_id, start))
        made = (make_route(problem.shifts[s], problem, *own) for s, own in routes.items())
        return [violation.code for violation in check(problem, make_plan(*made))]

    def test_wants_one_technician(self) -> None:
        problem = self.problem()
        assert self.found(problem, (0, "a", 9 * HOUR), (1, "b", DAY + 9 * HOUR)) == []
        apart = self.found(problem, (0, "a", 9 * HOUR), (2, "b", 9 * HOUR))
        assert apart == [Code.BUNDLE_TECHNICIANS]

    def test_wants_one_shift(self) -> None:
        problem = self.problem(Together.SHIFT)
        assert self.found(problem, (0, "a", 9 * HOUR), (0, "b", 12 * HOUR)) == []
        apart = self.found(problem, (0, "a", 9 * HOUR), (1, "b", DAY + 9 * HOUR))
        assert apart == [Code.BUNDLE_SHIFTS]

    def test_wants_one_stay(self) -> None:
        problem = self.problem(Together.STAY)
        assert self.found(problem, (0, "a", 9 * HOUR), (0, "b", 10 * HOUR)) == []
        apart = self.found(problem, (0, "a", 9 * HOUR), (0, "b", 10 * HOUR + 1))
        assert apart == [Code.STAY_BROKEN]

    @pytest.mark.parametrize(
        ("jobs", "bundles", "why"),
        [
            ([make_job("a")], (Bundle(("a", "b")),), "job b is not known"),
            ([make_job("a", crew_size=2), make_job("b")], (Bundle(("a", "b")),), "has a crew"),
            (
                [make_job("a"), make_job("b", place=2)],
                (Bundle(("a", "b"), Together.STAY),),
                "its jobs share a place",
            ),
            (
                [make_job("a"), make_job("b"), make_job("c")],
                (Bundle(("a", "b")), Bundle(("b", "c"))),
                "stands there twice",
            ),
        ],
    )
    def test_refuses(self, jobs, bundles, why: str) -> None:
        with pytest.raises(ValueError, match=why):
            make_problem(jobs=jobs, bundles=bundles)


class TestSearch:
    @MANY
    @given(problems())
    def test_breaks_no_rule_and_is_priced_right(self, problem: Problem) -> None:
        plan = solve(problem, Limits(iterations=300), seed=1)
        assert check(problem, plan) == []
        assert plan.score == score(problem, plan)

    @settings(MANY, max_examples=25)
    @given(problems())
    def test_gives_the_same_bytes_for_the_same_seed(self, problem: Problem) -> None:
        one, other = (solve(problem, Limits(iterations=300), seed=7) for _ in range(2))
        assert dumps(plan_to_json(one)) == dumps(plan_to_json(other))

    @settings(MANY, max_examples=40)
    @given(problems())
    def test_goes_on_from_a_previous_plan(self, problem: Problem) -> None:
        before = solve(problem, Limits(iterations=200), seed=1)
        after = solve(problem, Limits(iterations=0), seed=1, previous=before)
        assert check(problem, after) == []
        rounding = len(problem.jobs) + len(problem.shifts)
        assert after.score.total_cents <= before.score.total_cents + rounding

    def test_replays_and_ends_when_cancelled(self) -> None:
        told: list[float] = []
        jobs = [make_job(f"j{n}", place=n % 4) for n in range(12)]
        problem = make_problem(
            [make_shift("anna", **PAID), make_shift("ben", **PAID)],
            [*jobs, make_job("lift", crew_size=2)],
            precedences=(Precedence("j0", "j5", HOUR), Precedence("lift", "j3")),
            bundles=(Bundle(("j1", "j6", "j7")),),
        )
        plan = solve(
            problem,
            Limits(seconds=600),
            cancelled=lambda: len(told) >= 4,
            progress=lambda _, cents: told.append(cents),
        )
        assert check(problem, plan) == []
        assert told == sorted(told, reverse=True)
        replayed = solve(problem, Limits(schedule=plan.schedule))
        assert dumps(plan_to_json(replayed)) == dumps(plan_to_json(plan))


class TestPlaces:
    """One right answer each."""

    def solved(self, problem: Problem, iterations: int = 800) -> Plan:
        plan = solve(problem, Limits(iterations=iterations), seed=1)
        assert check(problem, plan) == []
        return plan

    def test_works_elsewhere_while_paint_dries(self) -> None:
        jobs = [make_job("paint"), make_job("varnish"), make_job("other", place=2)]
        problem = make_problem(
            [make_shift(**PAID)], jobs, precedences=(Precedence("paint", "varnish", 80 * MINUTE),)
        )
        plan = self.solved(problem)
        assert [stop.job_id for stop in plan.routes[0].stops] == ["paint", "other", "varnish"]

    def test_hands_over_across_technicians_and_days(self) -> None:
        morning, next_day = Window(8 * HOUR, 9 * HOUR), Window(DAY, 2 * DAY)
        shifts = [
            make_shift("anna"),
            make_shift("ben", start=DAY + 8 * HOUR, end=DAY + 16 * HOUR),
        ]
        jobs = [make_job("pour", windows=(morning,)), make_job("grind", windows=(next_day,))]
        problem = make_problem(shifts, jobs, precedences=(Precedence("pour", "grind", DAY),))
        plan = self.solved(problem)
        assert starts(plan)["grind"] - starts(plan)["pour"] == DAY + HOUR

    def test_starts_the_first_late_enough_for_the_second(self) -> None:
        """The second has a window in the afternoon and must follow within an hour."""
        late = Window(14 * HOUR, 15 * HOUR)
        jobs = [make_job("open"), make_job("close", windows=(late,))]
        problem = make_problem(jobs=jobs, precedences=(Precedence("open", "close", 0, HOUR),))
        assert len(starts(self.solved(problem, 0))) == 2

    def test_gives_a_bundle_to_who_can_do_all_of_it(self) -> None:
        """Anna is nearer to the first job, but may not do the second."""
        shifts = [make_shift("anna", **PAID), make_shift("ben", start_place=3, **PAID)]
        jobs = [make_job("a"), make_job("b", place=2, excluded_technicians=("anna",))]
        problem = make_problem(shifts, jobs, bundles=(Bundle(("a", "b")),))
        assert set(technicians(problem, self.solved(problem, 0)).values()) == {"ben"}

    def test_stays_on_site_in_one_go(self) -> None:
        jobs = [make_job(name) for name in "abc"] + [make_job("d", place=2)]
        stay = Bundle(("a", "c", "b"), Together.STAY)
        plan = self.solved(make_problem([make_shift(**PAID)], jobs, bundles=(stay,)))
        order = [stop.job_id for stop in plan.routes[0].stops]
        assert order in (["a", "c", "b", "d"], ["d", "a", "c", "b"])

    def test_finds_a_better_joint_place_than_the_greedy_one(self) -> None:
        """A crew goes first and takes the morning, which two dear windows then want: only
        seated anew does it make room for both."""
        morning = Window(8 * HOUR, 9 * HOUR)
        shifts = [
            make_shift("anna", end=12 * HOUR, **PAID),
            make_shift("ben", end=12 * HOUR, **PAID),
        ]
        jobs = [
            make_job("lift", crew_size=2, unserved_cents=90_000),
            make_job("a", windows=(morning,), unserved_cents=50_000),
            make_job("b", windows=(morning,), unserved_cents=50_000),
        ]
        problem = make_problem(shifts, jobs)
        greedy, searched = self.solved(problem, 0), self.solved(problem)
        assert [left.job_id for left in greedy.unassigned] == ["a", "b"]
        assert searched.unassigned == ()

    def test_finds_one_price_from_every_seed(self) -> None:
        """Three hand-overs between two technicians."""
        jobs = [make_job(f"{kind}{n}", place=1 + n) for kind, n in product("xy", range(3))]
        orders = tuple(Precedence(f"x{n}", f"y{n}", 30 * MINUTE, 3 * HOUR) for n in range(3))
        shifts = [make_shift("anna", **PAID), make_shift("ben", start_place=3, end_place=3, **PAID)]
        problem = make_problem(shifts, jobs, precedences=orders)
        plans = [solve(problem, Limits(iterations=3000), seed=seed) for seed in range(4)]
        assert {plan.score.total_cents for plan in plans} == {plans[0].score.total_cents}
        assert plans[0].unassigned == ()


class TestReasons:
    def codes(self, problem: Problem, job_id: str) -> set[ReasonCode]:
        plan = solve(problem, Limits(iterations=5), seed=1)
        [left] = [left for left in plan.unassigned if left.job_id == job_id]
        told = {reason.code for reason in left.reasons}
        assert told == {reason.code for reason in explain(problem, plan, job_id).reasons}
        return told

    def test_says_that_the_first_is_left_out(self) -> None:
        jobs = [make_job("a", excluded_technicians=("anna",)), make_job("b")]
        problem = make_problem(jobs=jobs, precedences=(Precedence("a", "b"),))
        assert self.codes(problem, "b") == {ReasonCode.BEFORE_LEFT_OUT}

    def test_says_that_the_bundle_is_with_another(self) -> None:
        jobs = [
            make_job("a", required_technicians=("anna",), unserved_cents=90_000),
            make_job("b", required_technicians=("ben",)),
        ]
        shifts = [make_shift("anna"), make_shift("ben")]
        problem = make_problem(shifts, jobs, bundles=(Bundle(("a", "b")),))
        told = self.codes(problem, "b")
        assert told == {ReasonCode.NOT_REQUIRED, ReasonCode.BUNDLED_ELSEWHERE}

    def test_says_that_the_delay_leaves_no_time(self) -> None:
        jobs = [make_job("a"), make_job("b")]
        problem = make_problem(jobs=jobs, precedences=(Precedence("a", "b", 9 * HOUR),))
        assert self.codes(problem, "b") == {ReasonCode.OUT_OF_ORDER}


class TestInsertions:
    def test_offers_only_starts_behind_the_first(self) -> None:
        jobs = [make_job("a"), make_job("b")]
        problem = make_problem(jobs=jobs, precedences=(Precedence("a", "b", HOUR, 2 * HOUR),))
        plan = make_plan(make_route(problem.shifts[0], problem, ("a", 9 * HOUR)), left=("b",))
        [offer] = insertions(problem, plan, jobs[1])
        assert (offer.earliest_start, offer.latest_start) == (11 * HOUR, 12 * HOUR)

    def test_offers_nothing_while_the_first_is_left_out(self) -> None:
        jobs = [make_job("a"), make_job("b")]
        problem = make_problem(jobs=jobs, precedences=(Precedence("a", "b"),))
        assert insertions(problem, make_plan(left=("a", "b")), jobs[1]) == []

    def test_does_not_move_what_is_bound(self) -> None:
        """A free job before the first would push it, and the second with it."""
        jobs = [make_job("a"), make_job("b"), make_job("c")]
        problem = make_problem(jobs=jobs, precedences=(Precedence("a", "b", 0, 0),))
        stops = (("a", 9 * HOUR), ("b", 10 * HOUR))
        plan = make_plan(make_route(problem.shifts[0], problem, *stops), left=("c",))
        assert {offer.earliest_start for offer in insertions(problem, plan, jobs[2])} == {11 * HOUR}


class TestExplain:
    def test_tells_a_candidate_the_bond_it_would_break(self) -> None:
        shifts = [make_shift("anna", **PAID), make_shift("ben", **PAID)]
        jobs = [make_job("a"), make_job("b")]
        problem = make_problem(shifts, jobs, bundles=(Bundle(("a", "b")),))
        stops = (("a", 9 * HOUR), ("b", 10 * HOUR))
        plan = make_plan(make_route(shifts[0], problem, *stops))
        ben = explain(problem, plan, "a").candidates[-1]
        assert [violation.code for violation in ben.violations] == [Code.BUNDLE_TECHNICIANS]


def test_bonds_survive_json() -> None:
    problem = make_problem(
        jobs=[make_job("a"), make_job("b")],
        precedences=(Precedence("a", "b", 60, 120),),
        bundles=(Bundle(("a", "b"), Together.STAY),),
    )
    assert problem_from_json(json.loads(dumps(problem_to_json(problem)))) == problem
