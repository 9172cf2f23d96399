"""Pillac's instances: how they are read, solved and judged in real numbers."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.plan import files, pillac
from benchmarks.plan.durations import BrokenRuleError, total
from benchmarks.plan.instance import DEPOT, Instance
from benchmarks.plan.judge import judge
from benchmarks.plan.problem import orders_of, to_problem
from optimizer.limits import Limits
from optimizer.solve import solve

TINY = """tiny

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
2      2       1       1

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS    TWE    Serv   SKILLS   TOOLS    SPARE PARTS
0    0     10    0      100    0      [] \t[] \t[]
1    0     0     0      100    0      [0] \t[] \t[1]
2    50    0     0      100    0      [0,1] \t[0] \t[0]
3    5     5     10     60     4      [0] \t[] \t[1]
4    0     5     30     60     6      [0] \t[0] \t[1]
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Instance:
    path = tmp_path / "tiny.txt"
    path.write_text(TINY)
    return pillac.read(path)


class TestRead:
    def test_knows_who_can_do_what_with_what(self, tiny: Instance) -> None:
        first, second = tiny.technicians
        assert first.parts == (("part 0", 1),)
        assert second.tools == ("tool 0",)
        assert tiny.jobs[1].tools == ("tool 0",)
        assert tiny.able.tolist() == [[True, True], [True, True]]

    def test_rounds_up(self, tiny: Instance) -> None:
        assert tiny.travel[1, 3] == math.ceil(math.hypot(5, 5) * 1000)

    def test_refuses_another_format(self, tmp_path: Path) -> None:
        (tmp_path / "other.txt").write_text("nothing")
        with pytest.raises(ValueError, match="format"):
            pillac.read(tmp_path / "other.txt")

    def test_survives_a_file(self, tiny: Instance, tmp_path: Path) -> None:
        files.write(tiny, tmp_path / "tiny.json")
        again = files.read(tmp_path / "tiny.json")
        assert (again.technicians, again.jobs) == (tiny.technicians, tiny.jobs)
        assert (again.depot, again.points) == (0, tiny.points)


class TestTotal:
    """Out by (5, 5) from 60 at the latest, past the depot, to (0, 5) from 30 on, and home."""

    def test_departs_as_late_as_it_can(self, tiny: Instance) -> None:
        trips = 2 * math.hypot(5, 5) + 5 + 5
        assert total(tiny, [[0, DEPOT, 1], []]) == pytest.approx(trips + 10)

    def test_counts_waiting_that_cannot_be_avoided(self, tiny: Instance) -> None:
        first, second = tiny.jobs
        closing = replace(tiny, jobs=(replace(first, latest=10_000), second))
        departure, back = 10 - math.hypot(5, 5), 30 + 6 + 5
        assert total(closing, [[0, DEPOT, 1], []]) == pytest.approx(back - departure)

    @pytest.mark.parametrize(
        ("order", "why"),
        [
            ([0, 1], "runs out of parts"),
            ([1, DEPOT, 0], "lacks a tool"),
            ([DEPOT, 0, DEPOT, 1], "more often"),
        ],
    )
    def test_refuses_what_is_not_on_board(self, tiny: Instance, order: list[int], why: str) -> None:
        with pytest.raises(BrokenRuleError, match=why):
            total(tiny, [order, []])


def test_our_plan_is_judged_as_it_is_priced(tiny: Instance) -> None:
    plan = solve(to_problem(tiny), Limits(iterations=200))
    orders = orders_of(tiny, plan)
    verdict = judge(tiny, orders, plan)
    assert verdict.objective == pytest.approx(plan.score.total_cents / 1000, abs=0.01)
    assert verdict.objective == pytest.approx(2 * math.hypot(5, 5) + 20)
    assert orders == [[0, DEPOT, 1], []]
