"""Explanations say what is true: every price is a difference of scores, every claim is checked."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from optimizer.check import check
from optimizer.explain import carried_out, compare, explain, relaxed
from optimizer.explaining.facts import (
    Candidate,
    CandidateCode,
    Explanation,
    Obstacle,
    ObstacleCode,
    Relaxation,
    RelaxationCode,
)
from optimizer.explaining.settling import Settled, settle
from optimizer.explaining.space import Space
from optimizer.job import Deadline, Pin, Promise, Requirement, SoftWindow, Window
from optimizer.limits import Limits
from optimizer.plan import Plan, Reason, ReasonCode
from optimizer.problem import Problem, Weights
from optimizer.score import score
from optimizer.shift import Break, Committed, Credential, Shift, Skill
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
from tests.optimizer.strategies import problems

QUICK = settings(max_examples=15, deadline=None, derandomize=True)
PAID: dict[str, Any] = {"travel_cents_per_hour": 3_000}


def of(explanation: Explanation, technician: str) -> Candidate:
    return next(c for c in explanation.candidates if c.technician_ids == (technician,))


def relaxation(explanation: Explanation, code: RelaxationCode) -> Relaxation:
    return next(one for one in explanation.relaxations if one.code is code)


def proven(problem: Problem, plan: Plan, one: Relaxation) -> None:
    """The relaxed problem accepts the plan with it, at exactly the cost told."""
    loose, after = relaxed(problem, one), carried_out(problem, plan, one)
    assert check(loose, after) == []
    there = {stop.job_id for route in after.routes for stop in route.stops}
    job_id = next(left.job_id for left in plan.unassigned if left.job_id in there)
    others = tuple(job for job in loose.jobs if job.id != job_id)
    without = replace(loose, jobs=others, precedences=(), bundles=())
    assert one.cost_cents == score(loose, after).total_cents - score(without, plan).total_cents


class TestExplain:
    @QUICK
    @given(problems())
    def test_differences_are_those_of_the_score(self, problem: Problem) -> None:
        plan = solve(problem, Limits(iterations=2), seed=1)
        now = score(problem, plan).terms()
        for job in problem.jobs:
            for one in explain(problem, plan, job.id).candidates:
                after = carried_out(problem, plan, one)
                then = score(problem, after).terms()
                assert one.terms == {k: then[k] - now[k] for k in then if then[k] != now[k]}
                assert one.is_feasible == (check(problem, after) == [])

    @QUICK
    @given(problems())
    def test_relaxations_are_proven(self, problem: Problem) -> None:
        plan = solve(problem, Limits(iterations=2), seed=1)
        for left in plan.unassigned:
            for one in explain(problem, plan, left.job_id).relaxations:
                assert one.routes
                proven(problem, plan, one)

    @QUICK
    @given(problems())
    def test_is_a_function_of_its_arguments(self, problem: Problem) -> None:
        plan = solve(problem, Limits(iterations=2), seed=1)
        job = problem.jobs[0]
        assert explain(problem, plan, job.id) == explain(problem, plan, job.id)

    @settings(QUICK, max_examples=6)
    @given(problems())
    def test_spaces_of_other_questions_change_nothing(self, problem: Problem) -> None:
        plan, spaces = solve(problem, Limits(iterations=2), seed=1), dict[str, Space]()
        dearer = replace(
            problem,
            shifts=tuple(replace(one, travel_cents_per_hour=7_200) for one in problem.shifts),
        )
        for asked in (problem, dearer):
            standing = settle(asked, plan)
            for job in asked.jobs[:3]:
                fresh = explain(asked, standing, job.id)
                assert explain(asked, standing, job.id, spaces) == fresh

    def test_refuses_an_unknown_job(self) -> None:
        with pytest.raises(KeyError):
            explain(make_problem(), make_plan(left=("boiler",)), "nothing")


class TestCandidates:
    def two(self, **job: Any) -> tuple[Problem, Plan]:
        """Anna has the job and starts at 9; Ben is idle and starts his day at the job."""
        anna, ben = make_shift("anna", **PAID), make_shift("ben", start_place=1, **PAID)
        problem = make_problem([anna, ben], [make_job(**job)])
        return problem, make_plan(make_route(anna, problem, ("boiler", 9 * HOUR)))

    def test_ranks_everybody_with_the_present(self) -> None:
        problem, plan = self.two()
        found = explain(problem, plan, "boiler")
        assert found.is_assigned
        assert [c.technician_ids for c in found.candidates] == [("ben",), ("anna",)]
        assert [c.code for c in found.candidates] == [CandidateCode.CHEAPER, CandidateCode.PRESENT]
        assert found.candidates[0].terms == {"travel": -500}
        assert found.candidates[0].start == 9 * HOUR
        assert found.candidates[0].sentence == "Technician ben would cost 5.00 less."
        assert found.candidates[0].emptied == ("anna-day",)
        assert found.left_out_cents == 10_000

    def test_counts_a_broken_promise(self) -> None:
        problem, plan = self.two(promise=Promise(("anna",), 2_000))
        ben = of(explain(problem, plan, "boiler"), "ben")
        assert ben.code is CandidateCode.DEARER
        assert ben.terms == {"travel": -500, "broken_promises": 2_000}

    def test_weighs_the_terms(self) -> None:
        problem, plan = self.two()
        problem = replace(problem, weights=Weights(travel=50))
        assert of(explain(problem, plan, "boiler"), "ben").terms == {"travel": -250}

    def test_names_the_rule_that_forbids(self) -> None:
        problem, plan = self.two(requirements=(Requirement("gas", 2),))
        skilled = replace(problem.shifts[0], skills=(Skill("gas", 2),))
        problem = replace(problem, shifts=(skilled, problem.shifts[1]))
        ben = of(explain(problem, plan, "boiler"), "ben")
        assert ben.code is CandidateCode.FORBIDDEN
        assert [v.code for v in ben.violations] == [Code.SKILL_MISSING]

    def test_names_what_is_in_the_way_at_that_time(self) -> None:
        anna, ben = make_shift("anna"), make_shift("ben")
        jobs = [make_job(windows=(Window(9 * HOUR, 9 * HOUR),)), make_job("other")]
        jobs[1] = replace(jobs[1], windows=(Window(9 * HOUR, 9 * HOUR),))
        problem = make_problem([anna, ben], jobs)
        plan = make_plan(
            make_route(anna, problem, ("boiler", 9 * HOUR)),
            make_route(ben, problem, ("other", 9 * HOUR)),
        )
        other = of(explain(problem, plan, "boiler"), "ben")
        assert Code.OVERLAP in [v.code for v in other.violations]

    def test_pushes_others_back_and_says_so(self) -> None:
        anna, ben = make_shift("anna"), make_shift("ben")
        jobs = [make_job(windows=(Window(9 * HOUR, 9 * HOUR),)), make_job("other")]
        problem = make_problem([anna, ben], jobs)
        plan = make_plan(
            make_route(anna, problem, ("boiler", 9 * HOUR)),
            make_route(ben, problem, ("other", 9 * HOUR + 30 * MINUTE)),
        )
        [moved] = of(explain(problem, plan, "boiler"), "ben").moved
        assert (moved.job_id, moved.before, moved.after) == (
            "other",
            9 * HOUR + 30 * MINUTE,
            10 * HOUR,
        )

    def test_starts_when_the_customer_wishes(self) -> None:
        problem, plan = self.two(soft_window=SoftWindow(10 * HOUR, 11 * HOUR, 100))
        ben = of(explain(problem, plan, "boiler"), "ben")
        assert (ben.start, ben.terms["preference"]) == (10 * HOUR, -6_000)

    def test_swaps_one_of_a_crew(self) -> None:
        anna, ben, cora = (make_shift(name, **PAID) for name in ("anna", "ben", "cora"))
        cora = replace(cora, start_place=1, end_place=1)
        problem = make_problem([anna, ben, cora], [make_job(crew_size=2)])
        plan = make_plan(
            make_route(anna, problem, ("boiler", 9 * HOUR)),
            make_route(ben, problem, ("boiler", 9 * HOUR)),
        )
        best = explain(problem, plan, "boiler").candidates[0]
        assert "cora" in best.technician_ids
        assert (best.terms, best.is_feasible) == ({"travel": -1_000}, True)

    def test_offers_crews_for_a_job_that_is_left_out(self) -> None:
        shifts = [make_shift(name) for name in ("anna", "ben")]
        problem = make_problem(shifts, [make_job(crew_size=2)])
        found = explain(problem, make_plan(left=("boiler",)), "boiler")
        assert set(found.candidates[0].technician_ids) == {"anna", "ben"}
        assert found.candidates[0].terms == {"unserved": -10_000}

    def test_leaves_what_is_under_way_alone(self) -> None:
        fact = Committed("boiler", 9 * HOUR, 10 * HOUR)
        problem = make_problem([make_shift("anna", committed=(fact,)), make_shift("ben")])
        plan = solve(problem, Limits(iterations=0))
        found = explain(problem, plan, "boiler")
        assert [c.code for c in found.candidates] == [CandidateCode.PRESENT]
        assert [o.code for o in found.obstacles] == [ObstacleCode.COMMITTED]

    def test_blames_nobody_for_an_overlap_that_is_there_already(self) -> None:
        """Ben's morning overlaps as a person has forced it; his afternoon is free all the same."""
        anna, ben = make_shift("anna"), make_shift("ben")
        jobs = [make_job(windows=(Window(13 * HOUR, 14 * HOUR),)), make_job("a"), make_job("b")]
        problem = make_problem([anna, ben], jobs)
        plan = make_plan(
            make_route(anna, problem, ("boiler", 13 * HOUR)),
            make_route(ben, problem, ("a", 9 * HOUR), ("b", 9 * HOUR + 60)),
        )
        other = of(explain(problem, plan, "boiler"), "ben")
        assert (other.violations, other.start) == ((), 13 * HOUR)


class TestCompare:
    def test_tells_the_difference_by_term(self) -> None:
        anna, ben = make_shift("anna", **PAID), make_shift("ben", start_place=1, **PAID)
        problem = make_problem([anna, ben], [make_job(promise=Promise(("anna",), 2_000))])
        plan = make_plan(make_route(anna, problem, ("boiler", 9 * HOUR)))
        found = compare(explain(problem, plan, "boiler"), "ben")
        assert found is not None
        assert found.terms == {"travel": -500, "broken_promises": 2_000}
        assert found.sentence == "ben costs 15.00 more than anna."

    def test_compares_any_two(self) -> None:
        shifts = [make_shift(name, start_place=at, **PAID) for at, name in enumerate("abc")]
        problem = make_problem(shifts, [make_job()])
        found = explain(problem, make_plan(left=("boiler",)), "boiler")
        told = compare(found, "c", "b")
        assert told is not None
        assert told.terms == {"travel": 500}
        assert compare(found, "nobody", "b") is None
        assert compare(found, "b") is None


class TestObstacles:
    def why(self, problem: Problem, *starts: tuple[str, int], **over: Any) -> list[Obstacle]:
        plan = make_plan(make_route(problem.shifts[0], problem, *starts, **over))
        return list(explain(problem, plan, "boiler").obstacles)

    def test_the_start_of_the_shift(self) -> None:
        [first] = self.why(make_problem(), ("boiler", 8 * HOUR + 10 * MINUTE))
        assert (first.code, first.is_binding) == (ObstacleCode.SHIFT_START, True)
        assert (first.until, first.seconds) == (8 * HOUR + 10 * MINUTE, 600)

    def test_the_stop_before(self) -> None:
        problem = make_problem(jobs=[make_job(), make_job("other", place=2)])
        start = 9 * HOUR + 30 * MINUTE
        [first] = self.why(problem, ("other", 8 * HOUR + 20 * MINUTE), ("boiler", start))
        assert (first.code, first.job_id) == (ObstacleCode.STOP_BEFORE, "other")
        assert (first.until, first.is_binding) == (start, True)

    def test_the_window(self) -> None:
        window = Window(10 * HOUR, 11 * HOUR)
        found = self.why(make_problem(jobs=[make_job(windows=(window,))]), ("boiler", 10 * HOUR))
        told = [(one.code, one.is_binding) for one in found]
        assert told == [(ObstacleCode.WINDOW, True), (ObstacleCode.SHIFT_START, False)]

    def test_the_use(self) -> None:
        found = self.why(
            make_problem(jobs=[make_job(earliest_useful=9 * HOUR)]), ("boiler", 32_400)
        )
        assert (found[0].code, found[0].is_binding) == (ObstacleCode.TOO_EARLY, True)

    def test_the_pin(self) -> None:
        problem = make_problem(jobs=[make_job(pin=Pin(start=9 * HOUR))])
        assert self.why(problem, ("boiler", 9 * HOUR))[0].code is ObstacleCode.PINNED_TIME

    def test_the_break(self) -> None:
        pause = Break(8 * HOUR, 8 * HOUR, 30 * MINUTE)
        problem = make_problem([make_shift(breaks=(pause,))])
        plan = solve(problem, Limits(iterations=0))
        found = explain(problem, plan, "boiler").obstacles
        assert (found[0].code, found[0].is_binding) == (ObstacleCode.BREAK, True)
        assert (found[0].until, found[0].seconds) == (8 * HOUR + 40 * MINUTE, 1_800)

    def test_nothing_and_what_an_earlier_start_would_change(self) -> None:
        problem = make_problem(jobs=[make_job(deadline=Deadline(9 * HOUR, 100, 9_000))])
        plan = make_plan(make_route(problem.shifts[0], problem, ("boiler", 9 * HOUR + 600)))
        found = explain(problem, plan, "boiler")
        assert found.obstacles[0].code is ObstacleCode.NOTHING
        assert found.earlier is not None
        assert found.earlier.start == 8 * HOUR + 10 * MINUTE
        assert found.earlier.terms == {"sla_lateness": -1_000}

    def test_the_member_of_a_crew_who_is_free_last(self) -> None:
        anna, ben = make_shift("anna"), make_shift("ben", start=10 * HOUR)
        problem = make_problem([anna, ben], [make_job(crew_size=2)])
        start = 10 * HOUR + 10 * MINUTE
        plan = make_plan(
            make_route(anna, problem, ("boiler", start)),
            make_route(ben, problem, ("boiler", start)),
        )
        codes = [one.code for one in explain(problem, plan, "boiler").obstacles if one.is_binding]
        assert codes == [ObstacleCode.SHIFT_START, ObstacleCode.CREW]


class TestReasons:
    def test_groups_technicians(self) -> None:
        busy = make_shift("busy", skills=(Skill("gas", 2),), end=9 * HOUR + 20 * MINUTE)
        early = make_shift("early", skills=(Skill("gas", 2),), end=9 * HOUR)
        novice = make_shift("novice")
        gas = make_job(requirements=(Requirement("gas", 2),))
        problem = make_problem([busy, early, novice], [gas, make_job("other")])
        plan = make_plan(
            make_route(busy, problem, ("other", 8 * HOUR + 10 * MINUTE)), left=("boiler",)
        )
        assert explain(problem, plan, "boiler").reasons == (
            Reason(ReasonCode.SKILL_MISSING, ("novice",)),
            Reason(ReasonCode.OUTSIDE_SHIFT, ("early",)),
            Reason(ReasonCode.NO_ROOM, ("busy",)),
        )

    def test_is_too_expensive_where_there_is_a_place(self) -> None:
        problem = make_problem([make_shift(fixed_cents=20_000)])
        found = explain(problem, make_plan(left=("boiler",)), "boiler")
        assert found.reasons == (Reason(ReasonCode.TOO_EXPENSIVE, ("anna",)),)
        assert found.candidates[0].terms == {"unserved": -10_000, "work": 20_000}
        assert found.relaxations == ()


def left_out(shifts: list[Shift], **job: Any) -> tuple[Problem, Plan]:
    problem = make_problem(shifts, [make_job(**job)])
    return problem, make_plan(left=("boiler",))


class TestRelaxations:
    def only(self, problem: Problem, plan: Plan, code: RelaxationCode) -> Relaxation:
        found = relaxation(explain(problem, plan, "boiler"), code)
        proven(problem, plan, found)
        return found

    def test_start_later(self) -> None:
        """The window closes 15 minutes before anybody can be there."""
        shift = make_shift(start=9 * HOUR, **PAID)
        problem, plan = left_out([shift], windows=(Window(8 * HOUR, 9 * HOUR - 5 * MINUTE),))
        found = self.only(problem, plan, RelaxationCode.START_LATER)
        assert (found.amount, found.start) == (15 * MINUTE, 9 * HOUR + 10 * MINUTE)
        assert (found.terms, found.cost_cents) == ({"travel": 1_000}, 1_000)
        assert found.sentence == "With a start 15 minutes later, anna could take it for 10.00."

    def test_start_earlier(self) -> None:
        """The window opens 70 minutes before the end of the day, with 10 of way and 60 of work."""
        problem, plan = left_out([make_shift()], windows=(Window(15 * HOUR, 15 * HOUR),))
        found = self.only(problem, plan, RelaxationCode.START_EARLIER)
        assert (found.amount, found.start) == (10 * MINUTE, 14 * HOUR + 50 * MINUTE)

    def test_overtime(self) -> None:
        shift = make_shift(overtime_cents_per_hour=6_000)
        problem, plan = left_out([shift], windows=(Window(15 * HOUR, 15 * HOUR),))
        found = self.only(problem, plan, RelaxationCode.OVERTIME)
        assert (found.amount, found.terms) == (10 * MINUTE, {"overtime": 1_000})
        assert found.shifts[0].overtime_seconds == 10 * MINUTE

    def test_takes_no_overtime_into_the_next_shift(self) -> None:
        night = make_shift("anna", id="anna-night", start=16 * HOUR, end=20 * HOUR)
        window = Window(15 * HOUR, 15 * HOUR)
        problem, plan = left_out([make_shift("anna"), night], windows=(window,))
        codes = {one.code for one in explain(problem, plan, "boiler").relaxations}
        assert RelaxationCode.OVERTIME not in codes

    def test_level_lower(self) -> None:
        low, lower = (
            make_shift(name, skills=(Skill("gas", level),))
            for name, level in (("low", 2), ("lower", 1))
        )
        problem, plan = left_out([lower, low], requirements=(Requirement("gas", 3),))
        found = self.only(problem, plan, RelaxationCode.LEVEL_LOWER)
        assert (found.name, found.amount, found.technician_ids) == ("gas", 1, ("low",))
        assert found.jobs[0].requirements == (Requirement("gas", 2),)

    def test_credential_missing(self) -> None:
        near = make_shift("near", start_place=1, end_place=1, **PAID)
        problem, plan = left_out([make_shift("far", **PAID), near], credentials=("pass",))
        found = self.only(problem, plan, RelaxationCode.CREDENTIAL_MISSING)
        assert (found.name, found.technician_ids, found.cost_cents) == ("pass", ("near",), 0)

    def test_credential_missing_is_no_help_where_a_skill_is_missing_too(self) -> None:
        shift = make_shift(credentials=(Credential("other"),))
        needs: dict[str, Any] = {"credentials": ("pass",), "requirements": (Requirement("gas"),)}
        problem, plan = left_out([shift], **needs)
        assert explain(problem, plan, "boiler").relaxations == ()

    def test_moves_another_at_its_price(self) -> None:
        """Only Anna knows gas; her other job can go to Ben, who was not promised for it."""
        anna = make_shift("anna", skills=(Skill("gas"),), end=9 * HOUR + 20 * MINUTE, **PAID)
        ben = make_shift("ben", **PAID)
        gas = make_job(requirements=(Requirement("gas"),))
        other = make_job("other", promise=Promise(("anna",), 700))
        problem = make_problem([anna, ben], [gas, other])
        start = 8 * HOUR + 10 * MINUTE
        plan = make_plan(make_route(anna, problem, ("other", start)), left=("boiler",))
        found = self.only(problem, plan, RelaxationCode.MOVE)
        assert found.terms == {"travel": 1_000, "broken_promises": 700}
        [moved] = found.moved
        assert (moved.job_id, moved.from_shift_id, moved.to_shift_id) == (
            "other",
            "anna-day",
            "ben-day",
        )
        assert (found.jobs, found.shifts) == ((), ())


class TestCrewRelaxations:
    """Two are needed; each rule is the only one in the way."""

    def only(self, shifts: list[Shift], code: RelaxationCode, **job: Any) -> Relaxation:
        problem, plan = left_out(shifts, crew_size=2, **job)
        explanation = explain(problem, plan, "boiler")
        [found] = [one for one in explanation.relaxations if one.code is code]
        proven(problem, plan, found)
        assert {reason.code for reason in explanation.reasons}
        return found

    def pair(self, **over: Any) -> list[Shift]:
        return [make_shift(name, **{**PAID, **over}) for name in ("anna", "ben")]

    def test_start_later(self) -> None:
        window = Window(8 * HOUR, 9 * HOUR - 5 * MINUTE)
        shifts = self.pair(start=9 * HOUR)
        found = self.only(shifts, RelaxationCode.START_LATER, windows=(window,))
        assert (found.amount, found.start) == (15 * MINUTE, 9 * HOUR + 10 * MINUTE)
        assert set(found.technician_ids) == {"anna", "ben"}
        assert found.cost_cents == 2_000

    def test_start_earlier(self) -> None:
        window = Window(15 * HOUR, 15 * HOUR)
        found = self.only(self.pair(), RelaxationCode.START_EARLIER, windows=(window,))
        assert (found.amount, found.start) == (10 * MINUTE, 14 * HOUR + 50 * MINUTE)

    def test_overtime(self) -> None:
        window = Window(15 * HOUR, 15 * HOUR)
        shifts = self.pair(overtime_cents_per_hour=6_000)
        found = self.only(shifts, RelaxationCode.OVERTIME, windows=(window,))
        assert found.amount == 10 * MINUTE
        assert {shift.overtime_seconds for shift in found.shifts} == {10 * MINUTE}
        assert len(found.shifts) == 2

    def test_level_lower(self) -> None:
        shifts = self.pair(skills=(Skill("gas", 2),))
        needs = (Requirement("gas", 3),)
        found = self.only(shifts, RelaxationCode.LEVEL_LOWER, requirements=needs)
        assert (found.name, found.amount) == ("gas", 1)

    def test_credential_missing(self) -> None:
        found = self.only(self.pair(), RelaxationCode.CREDENTIAL_MISSING, credentials=("pass",))
        assert (found.name, found.amount) == ("pass", 0)

    def test_nothing_helps_where_there_are_too_few_people(self) -> None:
        problem, plan = left_out([make_shift()], crew_size=2)
        assert explain(problem, plan, "boiler").relaxations == ()


class TestSettle:
    @QUICK
    @given(problems())
    def test_tells_a_plan_from_its_starts(self, problem: Problem) -> None:
        early = tuple(replace(shift, departs_late=False) for shift in problem.shifts)
        problem = replace(problem, shifts=early)
        plan = solve(problem, Limits(iterations=2), seed=1)
        bare = tuple(
            replace(
                route,
                departure=route.stops[0].start,
                stops=tuple(
                    replace(stop, arrival=stop.start, travel_seconds=0) for stop in route.stops
                ),
                end=route.stops[-1].end,
                return_travel_seconds=0,
                breaks=(),
            )
            for route in plan.routes
        )
        settled = settle(problem, replace(plan, routes=bare, unassigned=()))
        assert {left.job_id for left in settled.unassigned} == {
            left.job_id for left in plan.unassigned
        }
        assert check(problem, settled) == []
        nobody_asked = tuple(replace(left, asked=None) for left in plan.unassigned)
        assert settled.score == score(problem, replace(plan, unassigned=nobody_asked))

    def test_keeps_what_does_not_go(self) -> None:
        shift, jobs = make_shift(), [make_job("a"), make_job("b")]
        problem = make_problem([shift], jobs)
        plan = make_plan(make_route(shift, problem, ("a", 9 * HOUR), ("b", 9 * HOUR + 60)))
        settled = settle(problem, plan)
        assert [stop.start for stop in settled.routes[0].stops] == [9 * HOUR, 9 * HOUR + 60]
        assert Code.OVERLAP in [violation.code for violation in check(problem, settled)]

    @QUICK
    @given(problems())
    def test_takes_over_what_did_not_change(self, problem: Problem) -> None:
        given = solve(problem, Limits(iterations=2), seed=1)
        before = Settled(problem, given, settle(problem, given))
        pinned = given.routes[0].stops[0].job_id if given.routes else ""
        changed = replace(
            problem,
            jobs=tuple(
                replace(job, duration_seconds=job.duration_seconds + 60)
                if job.id == pinned
                else job
                for job in problem.jobs
            ),
        )
        again = settle(changed, given, before)
        assert again == settle(changed, given)
        kept = [route for route in again.routes if any(route is old for old in before.plan.routes)]
        touched = [r for r in given.routes if any(stop.job_id == pinned for stop in r.stops)]
        assert len(kept) >= len(given.routes) - len(touched)
