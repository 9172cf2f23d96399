"""Each adapter reproduces its peer's own cost on the peer's own solution."""

import pytest

from benchmarks.plan import peers, run
from benchmarks.plan.generator import make
from benchmarks.plan.instance import Instance
from benchmarks.plan.judge import cost_cents, judge
from benchmarks.plan.solvers.costs import UNITS_PER_CENT, priced, with_own_places

SECONDS = 0.5


def solved(solver: str, instance: Instance) -> run.Outcome:
    if not peers.is_installed(solver):
        pytest.skip(f"NO {solver.upper()} in .dev/peers (run ./dev bench plan once)")
    outcome = run.run(solver, instance, SECONDS, seed=1)
    assert outcome.failure == ""
    return outcome


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

    def test_pyvrp_refuses_breaks(self) -> None:
        if not peers.is_installed("pyvrp"):
            pytest.skip("NO PYVRP in .dev/peers (run ./dev bench plan once)")
        assert "no breaks" in run.run("pyvrp", make("city", 3, 10), SECONDS, seed=1).failure
