"""Every place offered can be taken, costs what it says, and is found quickly."""

import time
from dataclasses import replace

from hypothesis import given, settings

from benchmarks.instances import make_instance
from optimizer.check import check
from optimizer.insertion import Insertion
from optimizer.insertions import insertions
from optimizer.job import Job, Window
from optimizer.limits import Limits
from optimizer.place import place
from optimizer.plan import Plan, Unassigned
from optimizer.problem import Problem
from optimizer.score import score
from optimizer.shift import Break, Committed
from optimizer.solve import solve
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

QUICK = settings(max_examples=60, deadline=None, derandomize=True)


def without(problem: Problem, plan: Plan, job: Job) -> Plan:
    """The plan with the job taken out and everything else at its time."""
    routes = []
    for route in plan.routes:
        stops = tuple(stop for stop in route.stops if stop.job_id != job.id)
        if stops:
            routes.append(replace(route, stops=stops))
    left = (*(u for u in plan.unassigned if u.job_id != job.id), Unassigned(job.id))
    return replace(plan, routes=tuple(routes), unassigned=left)


class TestInsertions:
    @QUICK
    @given(problems())
    def test_offers_only_what_passes_the_check(self, problem: Problem) -> None:
        plan = solve(problem, Limits(iterations=2), seed=1)
        for job in problem.jobs:
            for offer in insertions(problem, plan, job, keep_times=True, most=6):
                for start in {offer.earliest_start, offer.latest_start}:
                    shifts = {seat.shift_id for seat in offer.seats}
                    placed = place(problem, plan, job, start, shifts)
                    assert check(problem, placed) == []

    @QUICK
    @given(problems())
    def test_finds_a_place_for_every_planned_job(self, problem: Problem) -> None:
        plan = solve(problem, Limits(iterations=2), seed=1)
        for route in plan.routes:
            for stop in route.stops:
                job = problem.job_by_id[stop.job_id]
                if job.id in problem.committed_ids or job.crew_size > 1:
                    continue
                found = insertions(problem, plan, job, shift_ids={route.shift_id}, keep_times=True)
                assert any(o.earliest_start <= stop.start <= o.latest_start for o in found)

    @QUICK
    @given(problems())
    def test_prices_the_change_by_term(self, problem: Problem) -> None:
        plan = solve(problem, Limits(iterations=2), seed=1)
        for unassigned in plan.unassigned:
            job = problem.job_by_id[unassigned.job_id]
            for offer in insertions(problem, plan, job, keep_times=True, most=3):
                if job.crew_size > 1:
                    continue
                placed = place(problem, plan, job, offer.start, {offer.shift_id})
                then, now = score(problem, placed).terms(), score(problem, plan).terms()
                others = tuple(j for j in problem.jobs if j != job)
                free = score(replace(problem, jobs=others, precedences=(), bundles=()), plan)
                for name, cents in then.items():
                    alone = free.terms()[name] if job.id not in problem.committed_ids else now[name]
                    assert abs(cents - alone - offer.terms.get(name, 0)) <= 12, name

    def test_ranks_by_cost(self) -> None:
        near, far = make_shift("near", start_place=1, end_place=1), make_shift("far")
        shifts = [replace(s, travel_cents_per_hour=3_000) for s in (far, near)]
        problem = make_problem(shifts, [])
        found = insertions(problem, make_plan(), make_job())
        assert [offer.technician_id for offer in found] == ["near", "far"]
        assert [(o.cost_cents, o.terms) for o in found] == [(0, {}), (1_000, {"travel": 1_000})]

    def test_gives_the_range_of_starts(self) -> None:
        problem = make_problem()
        offer = only(insertions(problem, make_plan(), make_job("new")))
        assert offer.earliest_start == 8 * HOUR + 10 * MINUTE
        assert offer.latest_start == 16 * HOUR - 70 * MINUTE

    def test_keeps_within_the_window_asked_for(self) -> None:
        asked = Window(13 * HOUR, 14 * HOUR)
        offer = only(insertions(make_problem(), make_plan(), make_job("new"), within=asked))
        assert (offer.earliest_start, offer.latest_start) == (13 * HOUR, 14 * HOUR)

    def test_knows_when_nothing_fits(self) -> None:
        asked = Window(15 * HOUR, 15 * HOUR)
        assert insertions(make_problem(), make_plan(), make_job("new"), within=asked) == []

    def test_keeps_off_a_break(self) -> None:
        pause = Break(9 * HOUR, 9 * HOUR, 6 * HOUR)
        problem = make_problem([make_shift(breaks=(pause,))])
        assert insertions(problem, make_plan(), make_job("new")) == []

    def test_moves_others_only_when_allowed(self) -> None:
        shift, jobs = make_shift(), [make_job("early"), make_job("late")]
        problem = make_problem([shift], jobs)
        plan = make_plan(
            make_route(shift, problem, ("early", 8 * HOUR + 10 * MINUTE), ("late", 10 * HOUR))
        )
        new = make_job("new")
        stay = {o.position for o in insertions(problem, plan, new, keep_times=True)}
        move = {o.position for o in insertions(problem, plan, new)}
        assert (stay, move) == ({2}, {0, 1, 2})

    def test_looks_past_a_route_that_is_late_already(self) -> None:
        """Two stops overlap as a person has forced them; the afternoon is free all the same."""
        shift, jobs = make_shift(), [make_job("a"), make_job("b")]
        problem = make_problem([shift], jobs)
        plan = make_plan(make_route(shift, problem, ("a", 9 * HOUR), ("b", 9 * HOUR + 60)))
        offer = insertions(problem, plan, make_job("new"), keep_times=True)[0]
        assert (offer.position, offer.earliest_start) == (2, 10 * HOUR + 60)

    def test_counts_committed_stops_in_the_position(self) -> None:
        fact = Committed("boiler", 9 * HOUR, 10 * HOUR)
        problem = make_problem([make_shift(committed=(fact,))])
        plan = solve(problem, Limits(iterations=0))
        offer = only(insertions(problem, plan, make_job("new")))
        assert (offer.position, offer.earliest_start) == (1, 10 * HOUR)

    def test_offers_nothing_for_a_committed_job(self) -> None:
        fact = Committed("boiler", 9 * HOUR, 10 * HOUR)
        problem = make_problem([make_shift(committed=(fact,))])
        plan = solve(problem, Limits(iterations=0))
        assert insertions(problem, plan, problem.jobs[0]) == []

    def test_seats_a_crew_at_one_start(self) -> None:
        problem = make_problem([make_shift("anna"), make_shift("ben", start=10 * HOUR)])
        offer = insertions(problem, make_plan(), make_job("lift", crew_size=2))[0]
        assert {seat.technician_id for seat in offer.seats} == {"anna", "ben"}
        assert offer.start == 10 * HOUR + 10 * MINUTE

    def test_leaves_the_plan_as_it_was(self) -> None:
        problem = make_problem()
        plan = solve(problem, Limits(iterations=0))
        first = insertions(problem, plan, problem.jobs[0])
        assert insertions(problem, plan, problem.jobs[0]) == first
        assert len(insertions(problem, plan, make_job("new"))) == 2

    def test_answers_at_once_in_a_large_plan(self) -> None:
        """The figure proper is measured by the benchmark; this catches it growing tenfold."""
        problem = make_instance(100, 600)
        plan = solve(problem, Limits(iterations=0))
        job = replace(problem.jobs[0], id="new")
        insertions(problem, plan, job)
        began = time.process_time()
        for _ in range(10):
            insertions(problem, plan, job)
        assert (time.process_time() - began) / 10 < 0.1


def only(offers: list[Insertion]) -> Insertion:
    assert len(offers) == 1
    return offers[0]
