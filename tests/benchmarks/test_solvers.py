"""Each adapter reproduces its peer's own cost on the peer's own solution."""

from itertools import pairwise
from statistics import fmean

import pytest

from benchmarks.plan import run
from benchmarks.plan.generator import make
from benchmarks.plan.instance import SECONDS_PER_HOUR, Instance
from benchmarks.plan.judge import cost_cents, judge
from benchmarks.plan.solvers.costs import UNITS_PER_CENT, priced, with_own_places

SECONDS = 0.5


def solved(solver: str, instance: Instance) -> run.Outcome:
    outcome = run.run(solver, instance, SECONDS, seed=1)
    assert outcome.failure == ""
    return outcome


@pytest.mark.peers
@pytest.mark.parametrize("solver", ["vroom", "pyvrp"])
class TestPeers:
    def test_cost_is_the_peers_own(self, solver: str) -> None:
        instance = make("city", 6, 40, breaks=solver == "vroom")
        outcome = solved(solver, instance)
        assert any(outcome.orders)
        assert priced(with_own_places(instance), outcome.orders) == outcome.reported
        cents = cost_cents(instance, outcome.orders)
        assert cents == pytest.approx((outcome.reported or 0) / UNITS_PER_CENT, abs=0.5)
        assert judge(instance, outcome.orders).is_feasible


@pytest.mark.peers
class TestNextroute:
    def test_cost_is_its_own(self) -> None:
        """It knows one rate for everybody, so the ways of its plan are priced alike here too."""
        instance = make("city", 6, 40, breaks=False)
        outcome = solved("nextroute", instance)
        assert priced_alike(instance, outcome.orders) == pytest.approx(outcome.reported)
        assert judge(instance, outcome.orders).is_feasible


def priced_alike(instance: Instance, orders: list[list[int]]) -> float:
    rates = [one.travel_cents_per_hour for one in instance.technicians]
    cents = 0.0
    for one, order in zip(instance.technicians, orders, strict=True):
        if order:
            places = [one.start_place, *(instance.jobs[n].place for n in order), one.end_place]
            seconds = sum(int(instance.travel[a, b]) for a, b in pairwise(places))
            cents += one.fixed_cents + seconds * fmean(rates) / SECONDS_PER_HOUR
    served = {number for order in orders for number in order}
    left_out = (job.weight for n, job in enumerate(instance.jobs) if n not in served)
    return cents + sum(left_out) * instance.cents_per_weight


class TestOurs:
    def test_cost_is_the_scores(self) -> None:
        instance = make("rural", 6, 40)
        outcome = solved("ours", instance)
        verdict = judge(instance, outcome.orders)
        assert verdict.objective == pytest.approx((outcome.reported or 0) / 100, abs=1)


class TestRun:
    def test_says_why_there_is_no_answer(self) -> None:
        instance = make("city", 3, 10)
        outcome = run.run("reference", instance, SECONDS, seed=1, reference="/nowhere/solver.py")
        assert outcome.failure.startswith("failed:")

    @pytest.mark.peers
    def test_pyvrp_refuses_breaks(self) -> None:
        assert "no breaks" in run.run("pyvrp", make("city", 3, 10), SECONDS, seed=1).failure
