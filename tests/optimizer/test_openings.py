"""The table finds what `insertions` finds, for the same money."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.insertions import insertions
from optimizer.job import Job, Pin, Window
from optimizer.limits import Limits
from optimizer.opening import openings_of
from optimizer.opening_table import OpeningTable
from optimizer.openings import Fit, Openings
from optimizer.plan import Plan
from optimizer.problem import Problem, Travel
from optimizer.shift import Shift
from optimizer.solve import solve
from optimizer.supplies import Part
from tests.factories.optimizer import HOUR, make_job, make_line_travel, make_problem, make_shift
from tests.optimizer.strategies import random_problem

QUICK = settings(max_examples=25, deadline=None, derandomize=True)
EVERYBODY = 50
A_MINUTE_LATER = 100
"""Cents of overtime that starting at a whole minute may cost a crew of these problems."""
EPOCH = 1_790_000_040
"""A whole minute, as starts are."""


def plain_problem(seed: int) -> Problem:
    """Whole minutes of travel, and nothing in it that the table does not price or look for."""
    drawn = replace(random_problem(seed), precedences=(), bundles=())
    travel = Travel(-(-drawn.travel.seconds // 60) * 60)
    shifts = tuple(plain_shift(shift) for shift in drawn.shifts)
    jobs = tuple(replace(job, parts=(), tools=()) for job in drawn.jobs)
    return replace(drawn, shifts=shifts, jobs=jobs, travel=travel, epoch=EPOCH)


def plain_shift(shift: Shift) -> Shift:
    """`insertions` charges the trips of facts alone to whoever comes next, the table does not."""
    return replace(
        shift,
        committed=(),
        speed_pct=100,
        waiting_cents_per_hour=0,
    )


def plain_job(job: Job) -> Job:
    """A new one like it that may be done at any time."""
    return replace(
        job,
        id="new",
        windows=(),
        deadline=None,
        soft_window=None,
        promise=None,
        pin=None,
        delay_cents_per_day=0,
    )


def fits(problem: Problem, plan: Plan, job: Job, spans: list[Window]) -> list[list[Fit]]:
    table = Openings(OpeningTable.of(openings_of(problem, plan)))
    to = problem.travel.seconds[:, job.place].astype(np.int64)
    onward = problem.travel.seconds[job.place].astype(np.int64)
    absolute = [Window(span.start + problem.epoch, span.end + problem.epoch) for span in spans]
    return table.fits(
        job, problem.epoch, absolute, to, onward, most=EVERYBODY, weights=problem.weights
    )


def two_hours(first: int, last: int) -> list[Window]:
    return [Window(hour * HOUR, (hour + 2) * HOUR - 1800) for hour in range(first, last, 2)]


class TestFits:
    @QUICK
    @given(st.integers(0, 2**32))
    def test_agree_with_insertions(self, seed: int) -> None:
        problem = plain_problem(seed)
        plan = solve(problem, Limits(iterations=2), seed=1)
        spans = two_hours(6, 46)
        for job in problem.jobs[:4]:
            job = plain_job(job)
            for span, found in zip(spans, fits(problem, plan, job, spans), strict=True):
                places = insertions(
                    problem, plan, job, within=span, most=EVERYBODY, keep_times=True
                )
                best: dict[frozenset[str], int] = {}
                for place in places:
                    crew = frozenset(seat.technician_id for seat in place.seats)
                    if -(-place.earliest_start // 60) * 60 <= place.latest_start:
                        best[crew] = min(best.get(crew, place.cost_cents), place.cost_cents)
                if job.crew_size == 1:
                    crews = {frozenset(fit.technician_ids): fit.cents for fit in found}
                    assert crews.keys() == best.keys()
                    changes = [crews[crew] - cents for crew, cents in best.items()]
                    assert all(-2 <= change <= A_MINUTE_LATER for change in changes)
                elif best:
                    assert found[0].cents <= min(best.values()) + A_MINUTE_LATER

    def test_keep_the_pin_and_the_earliest_use(self) -> None:
        problem = make_problem(
            shifts=[make_shift("anna"), make_shift("berta")], jobs=[], epoch=EPOCH
        )
        plan = solve(problem, Limits(iterations=1), seed=1)
        spans = two_hours(8, 16)
        pinned = make_job("new", pin=Pin("berta"), earliest_useful=11 * HOUR)
        found = fits(problem, plan, pinned, spans)
        assert [len(one) for one in found] == [0, 1, 1, 1]
        assert found[1][0].technician_ids == ("berta",)
        assert found[1][0].start == problem.epoch + 11 * HOUR

    def test_need_what_is_on_board_beside_the_stops(self) -> None:
        part = Part("pump", 1)
        problem = make_problem(
            shifts=[make_shift("anna", parts=(part,)), make_shift("berta", tools=("ladder",))],
            jobs=[make_job("planned", parts=(part,))],
            epoch=EPOCH,
        )
        plan = solve(problem, Limits(iterations=1), seed=1)
        spans = two_hours(8, 10)
        assert fits(problem, plan, make_job("new", parts=(part,)), spans) == [[]]
        [[found]] = fits(problem, plan, make_job("new", tools=("ladder",)), spans)
        assert found.technician_ids == ("berta",)

    def test_emit_for_the_time_on_the_way_alone(self) -> None:
        shift = make_shift("anna", co2_grams_per_hour=3600)
        problem = make_problem(shifts=[shift], jobs=[], travel=make_line_travel(), epoch=EPOCH)
        plan = solve(problem, Limits(iterations=1), seed=1)
        [[found]] = fits(problem, plan, make_job(place=2), two_hours(8, 10))
        there, back = problem.travel.seconds[0, 2], problem.travel.seconds[2, 0]
        assert found.co2_grams == there + (back if shift.end_place is not None else 0)

    def test_are_none_without_shifts(self) -> None:
        problem = make_problem(shifts=[], jobs=[], travel=make_line_travel())
        plan = solve(problem, Limits(iterations=1), seed=1)
        assert fits(problem, plan, make_job(), two_hours(8, 12)) == [[], []]
