"""One class per term: given facts, the exact amount."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from optimizer.crowd import Asked, Crowd, Offer
from optimizer.job import Deadline, Job, Promise, Requirement, Risk, SoftWindow, Step, Window
from optimizer.limits import Limits
from optimizer.packed import Packed
from optimizer.plan import BreakTaken, Plan, Score, Unassigned
from optimizer.problem import Problem, Weights
from optimizer.score import score
from optimizer.shift import Employment, Shift, Skill
from optimizer.solve import solve
from optimizer.state import State
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


def scored(shift: Shift, job: Job, start: int = 9 * HOUR, **over: object) -> Score:
    """One shift, one job: 10 minutes there, an hour of work, 10 minutes back."""
    problem = make_problem([shift], [job])
    return score(problem, make_plan(make_route(shift, problem, (job.id, start), **over)))


def left_out(job: Job) -> Score:
    return score(make_problem(jobs=[job]), make_plan(left=(job.id,)))


class TestUnserved:
    def test_charges_a_job_left_out(self) -> None:
        assert left_out(make_job()).unserved == 10_000

    def test_is_free_for_a_served_job(self) -> None:
        assert scored(make_shift(), make_job()) == Score()


class TestSlaLateness:
    deadline = Deadline(due=9 * HOUR, cents_per_minute=40, cap_cents=3_000, breach_cents=500)

    @pytest.mark.parametrize(
        ("start", "cents"),
        [(9 * HOUR, 0), (9 * HOUR + 60, 540), (10 * HOUR, 2_900), (11 * HOUR, 3_000)],
    )
    def test_grows_by_the_minute_to_its_cap(self, start: int, cents: int) -> None:
        job = make_job(deadline=self.deadline)
        assert scored(make_shift(), job, start).sla_lateness == cents

    def test_adds_each_step_passed_up_to_the_cap(self) -> None:
        steps = (Step(10 * HOUR, 700), Step(12 * HOUR, 1_000))
        job = make_job(deadline=Deadline(9 * HOUR, 0, 2_000, 500, steps))
        starts = (9 * HOUR, 10 * HOUR, 10 * HOUR + 1, 12 * HOUR + 1)
        found = [scored(make_shift(), job, start).sla_lateness for start in starts]
        assert found == [0, 500, 1_200, 2_000]

    def test_charges_the_cap_for_a_job_left_out(self) -> None:
        assert left_out(make_job(deadline=self.deadline)).sla_lateness == 3_000


class TestTravel:
    def test_charges_the_way_there_and_back(self) -> None:
        assert scored(make_shift(travel_cents_per_hour=3_000), make_job()).travel == 1_000

    def test_counts_no_way_back_without_end_place(self) -> None:
        shift = make_shift(travel_cents_per_hour=3_000, end_place=None)
        assert scored(shift, make_job()).travel == 500


class TestWork:
    def test_charges_time_at_work_and_the_fixed_cost(self) -> None:
        shift = make_shift(work_cents_per_hour=2_400, fixed_cents=70)
        assert scored(shift, make_job()).work == 2_470

    def test_costs_less_when_done_faster(self) -> None:
        shift = make_shift(work_cents_per_hour=2_400, speed_pct=200)
        assert scored(shift, make_job()).work == 1_200

    def test_an_unused_shift_costs_nothing(self) -> None:
        problem = make_problem([make_shift(fixed_cents=70)])
        assert score(problem, make_plan(left=("boiler",))).work == 0


class TestOvertime:
    def test_charges_from_the_regular_end(self) -> None:
        shift = make_shift(end=10 * HOUR, overtime_seconds=HOUR, overtime_cents_per_hour=6_000)
        assert scored(shift, make_job()).overtime == 1_000


class TestWaiting:
    def test_charges_what_is_neither_way_work_nor_break(self) -> None:
        shift = make_shift(waiting_cents_per_hour=1_200)
        job = make_job()
        early = 8 * HOUR + 20 * MINUTE
        pause = (BreakTaken(0, early, early + 5 * MINUTE),)
        assert scored(shift, job, departure=early).waiting == 600
        assert scored(shift, job, departure=early, breaks=pause).waiting == 500

    def test_is_free_when_leaving_just_in_time(self) -> None:
        assert scored(make_shift(waiting_cents_per_hour=1_200), make_job()).waiting == 0


class TestFreelance:
    shift = make_shift(
        employment=Employment.FREELANCE,
        pay_cents_per_job=1_000,
        pay_cents_per_hour=4_000,
        minimum_pay_cents=4_500,
    )

    def test_pays_per_job_and_hour(self) -> None:
        assert scored(self.shift, make_job()).freelance == 5_000

    def test_pays_at_least_the_minimum(self) -> None:
        assert scored(self.shift, make_job(duration_seconds=HOUR // 4)).freelance == 4_500

    def test_pays_nothing_to_who_is_not_used(self) -> None:
        problem = make_problem([self.shift])
        assert score(problem, make_plan(left=("boiler",))).freelance == 0


class TestBrokenPromises:
    promise = Promise(("anna",), 700, Window(9 * HOUR, 10 * HOUR), 900)

    @pytest.mark.parametrize(
        ("technician", "start", "cents"),
        [
            ("anna", 9 * HOUR, 0),
            ("ben", 9 * HOUR, 700),
            ("anna", 11 * HOUR, 900),
            ("ben", 11 * HOUR, 1_600),
        ],
    )
    def test_charges_each_part(self, technician: str, start: int, cents: int) -> None:
        job = make_job(promise=self.promise)
        assert scored(make_shift(technician), job, start).broken_promises == cents

    def test_breaks_all_of_it_by_leaving_out(self) -> None:
        assert left_out(make_job(promise=self.promise)).broken_promises == 1_600


class TestPreference:
    def test_charges_for_somebody_else(self) -> None:
        job = make_job(preferred_technicians=("anna",), preference_cents=250)
        assert scored(make_shift("anna"), job).preference == 0
        assert scored(make_shift("ben"), job).preference == 250

    def test_charges_per_minute_outside_the_soft_window(self) -> None:
        job = make_job(soft_window=SoftWindow(9 * HOUR, 10 * HOUR, 10))
        starts = (9 * HOUR - 5 * MINUTE, 9 * HOUR, 10 * HOUR + 30 * MINUTE)
        assert [scored(make_shift(), job, s).preference for s in starts] == [50, 0, 300]


class TestDelay:
    def test_charges_by_the_day_since_it_is_useful(self) -> None:
        job = make_job(earliest_useful=3 * HOUR, delay_cents_per_day=2_400)
        assert scored(make_shift(), job).delay == 600

    def test_charges_to_the_end_of_the_horizon_when_left_out(self) -> None:
        job = make_job(earliest_useful=4 * HOUR, delay_cents_per_day=2_400)
        assert left_out(job).delay == 1_200


class TestOverQualification:
    shift = make_shift(skills=(Skill("gas", 4), Skill("lifts", 5)), over_qualification_cents=300)

    @pytest.mark.parametrize(("level", "cents"), [(1, 900), (3, 300), (4, 0)])
    def test_charges_each_level_above_what_is_needed(self, level: int, cents: int) -> None:
        job = make_job(requirements=(Requirement("gas", level),))
        assert scored(self.shift, job).over_qualification == cents

    def test_is_free_where_no_skill_is_needed(self) -> None:
        assert scored(self.shift, make_job()).over_qualification == 0


class TestFairness:
    def test_charges_each_hour_of_who_had_more(self) -> None:
        shift = make_shift(fairness_cents_per_hour=240)
        assert scored(shift, make_job(duration_seconds=90 * MINUTE)).fairness == 360

    def test_charges_each_unpleasant_job_of_who_had_more(self) -> None:
        shift = make_shift(fairness_cents_per_unpleasant=500)
        found = [scored(shift, make_job(is_unpleasant=yes)).fairness for yes in (True, False)]
        assert found == [500, 0]


class TestCo2:
    def test_charges_the_grams_of_the_way_there_and_back(self) -> None:
        shift = make_shift(co2_grams_per_hour=6_000, co2_cents_per_tonne=20_000)
        assert scored(shift, make_job()).co2 == 40

    def test_is_free_without_emissions(self) -> None:
        assert scored(make_shift(co2_cents_per_tonne=20_000), make_job()).co2 == 0


class TestRisk:
    risk = Risk(p80_seconds=90 * MINUTE, cents_per_minute=10, done_by=11 * HOUR)

    @pytest.mark.parametrize(
        ("start", "cents"), [(9 * HOUR, 0), (9 * HOUR + 30 * MINUTE, 0), (10 * HOUR, 300)]
    )
    def test_charges_each_minute_behind_its_time(self, start: int, cents: int) -> None:
        assert scored(make_shift(), make_job(risk=self.risk), start).risk == cents

    def test_takes_the_end_of_the_shift_when_that_is_sooner(self) -> None:
        job, end = make_job(risk=self.risk), 10 * HOUR + 30 * MINUTE
        shift = make_shift(end=end, overtime_seconds=HOUR)
        assert scored(shift, job, 9 * HOUR + 30 * MINUTE).risk == 300

    def test_is_less_for_who_works_faster(self) -> None:
        assert scored(make_shift(speed_pct=150), make_job(risk=self.risk), 10 * HOUR).risk == 0


class TestCrowd:
    """Two of five say yes and all of them come; of the second's yes every other comes."""

    offers = (Offer("cleo", 6_000, 40), Offer("dan", 5_000, 50, show_pct=50))
    crowd = Crowd(9 * HOUR, offers, fallback_cents=20_000, ask_until=8 * HOUR)

    def asked(self, job: Job, **over: Any) -> Score:
        asked = Asked(9 * HOUR, self.offers, done_pct=55, confirm_by=1_200)
        left = Unassigned(job.id, asked=replace(asked, **over))
        return score(make_problem(jobs=[job]), Plan((), (left,), Score()))

    def test_weighs_pay_and_fallback_by_their_chance(self) -> None:
        found = self.asked(make_job(crowd=self.crowd))
        cents = 0.4 * 6_000 + 0.6 * 0.5 * 0.5 * 5_000 + (1 - 0.4 - 0.15) * 20_000
        assert found == Score(crowd=int(cents))

    def test_counts_them_as_dear_as_nobody_where_ones_own_come_first(self) -> None:
        own_first = replace(self.crowd, own_first=True)
        assert self.asked(make_job(crowd=own_first)) == Score(crowd=20_000)

    def test_charges_the_start_asked_for(self) -> None:
        late = Deadline(due=8 * HOUR, cents_per_minute=10, cap_cents=3_000)
        assert self.asked(make_job(crowd=self.crowd, deadline=late)).sla_lateness == 600

    def test_counts_nothing_on_freelancers_alone_that_was_promised(self) -> None:
        promise = Promise(window=Window(8 * HOUR, 10 * HOUR), window_cents=900)
        job = make_job(crowd=self.crowd, promise=promise)
        found = self.asked(job, is_uncovered=True)
        assert (found.crowd, found.unserved, found.broken_promises) == (0, 10_000, 900)


class TestScore:
    def test_weighs_each_term(self) -> None:
        problem = make_problem(weights=Weights(unserved=150))
        found = score(problem, make_plan(left=("boiler",)))
        assert found.unserved == found.total_cents == 15_000

    def test_names_every_term(self) -> None:
        assert list(Score().terms()) == list(Weights.__slots__)

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(problems())
    def test_agrees_with_the_prices_of_the_search(self, problem: Problem) -> None:
        jobs = tuple(replace(job, crew_size=1) for job in problem.jobs)
        alone = replace(problem, jobs=jobs, weights=Weights())
        plan = solve(alone, Limits(iterations=5), seed=2)
        packed = Packed(alone)
        state = State.of_plan(packed, plan)
        left = sum(packed.unserved[packed.job_index[u.job_id]] for u in plan.unassigned)
        amounts_rounded = 7 * len(plan.routes) + 3 * len(alone.jobs)
        covered = any(u.asked and alone.job_by_id[u.job_id].promise for u in plan.unassigned)
        off = state.total_cents + left - plan.score.total_cents
        assert off >= -amounts_rounded / 2
        assert off <= amounts_rounded / 2 or covered
