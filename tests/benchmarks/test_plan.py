"""The command: what it prints as JSON, what it writes, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.plan import files
from benchmarks.plan.floors import floors
from benchmarks.plan.generator import make
from benchmarks.plan.rows import Measured, Row
from benchmarks.plan.suites import Case, NotRunError, Wanted, technician, trsp, vehicles
from tests.benchmarks.test_pillac import TINY

ROOT = Path(__file__).parents[2]


def bench(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.plan", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def measured(solver: str, objective: float | None, breaks: bool = True) -> Measured:
    case = Case("technician", make("city", 2, 5, breaks=breaks), 1.0)
    found = objective is not None
    row = Row("technician", case.instance.name, solver, 1.0, 1, objective, 0, None, found)
    return Measured(row, case, 1.0, 1.0)


class TestCommand:
    def test_writes_rows_and_solutions(self, tmp_path: Path) -> None:
        data = tmp_path / "data" / "technician"
        data.mkdir(parents=True)
        files.write(make("city", 4, 20), data / "one.json")
        words = ["--suite", "technician", "--solvers", "ours,timefold", "--limit", "0.3"]
        words += ["--data", str(data.parent), "--json", str(tmp_path / "out.json")]
        done = bench(*words, "--solutions", str(tmp_path / "solutions"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "not run: timefold: not installed" in done.stdout
        result = json.loads((tmp_path / "out.json").read_text())
        self._is_as_documented(result)
        (solution,) = (tmp_path / "solutions").iterdir()
        value = json.loads(solution.read_text())
        assert value["instance"] == result["rows"][0]["instance"]
        served = [stop["job"] for route in value["routes"] for stop in route["stops"]]
        assert sorted(served + value["unserved"]) == list(range(20))

    def _is_as_documented(self, result: dict[str, Any]) -> None:
        assert set(result) == {"machine", "rows", "summary"}
        (row,) = result["rows"]
        fields = "suite instance solver limit_s seed objective unserved gap_pct feasible"
        assert " ".join(row) == fields
        assert row["feasible"] is True

    def test_says_when_there_is_no_data(self, tmp_path: Path) -> None:
        result = tmp_path / "not" / "there" / "yet.json"
        words = ("--solvers", "ours", "--data", str(tmp_path), "--json", str(result))
        done = bench("--suite", "vrptw", *words)
        assert done.returncode == 2
        assert "not run: vrptw: no data" in done.stdout
        assert json.loads(result.read_text())["rows"] == []

    def test_says_which_file_it_cannot_read(self, tmp_path: Path) -> None:
        (tmp_path / "trsp").mkdir()
        (tmp_path / "trsp" / "a.txt").write_text("hello")
        done = bench("--suite", "trsp", "--data", str(tmp_path), "--solvers", "ours")
        assert done.returncode == 2
        assert "trsp/a.txt cannot be read" in done.stderr
        assert "Traceback" not in done.stderr

    def test_wants_time(self) -> None:
        done = bench("--limit", "0")
        assert done.returncode == 2
        assert "more than 0 seconds" in done.stderr

    def test_refuses_an_unknown_solver(self) -> None:
        done = bench("--solvers", "magic")
        assert done.returncode == 2
        assert "There is no solver magic" in done.stderr


class TestSuites:
    def test_technician_draws_every_region_load_and_size(self) -> None:
        cases = technician(Wanted(seed=5))
        abouts = [case.instance.about for case in cases]
        assert {about["region"] for about in abouts} == {"city", "radial", "rural"}
        assert {about["load"] for about in abouts} == {0.7, 1.0, 1.2}
        assert {about["breaks"] for about in abouts} == {True, False}
        sizes = {len(case.instance.technicians) for case in cases}
        assert {min(sizes), max(sizes)} == {20, 100}

    def test_trsp_needs_instances(self, tmp_path: Path) -> None:
        with pytest.raises(NotRunError, match="no data"):
            trsp(Wanted(data=tmp_path))

    def test_trsp_counts_a_minute_and_compares_with_what_is_known(self, tmp_path: Path) -> None:
        folder = tmp_path / "trsp"
        folder.mkdir()
        (folder / "tiny.txt").write_text(TINY)
        (folder / "values.json").write_text('{"tiny": 30.0}')
        [case] = trsp(Wanted(data=tmp_path))
        assert (case.seconds, case.known) == (60.0, 30.0)

    def test_vrptw_needs_instances(self, tmp_path: Path) -> None:
        (tmp_path / "vrptw").mkdir()
        with pytest.raises(NotRunError):
            vehicles(Wanted(data=tmp_path))


class TestFloors:
    def test_break_when_a_peer_is_better_once(self) -> None:
        found = floors([measured("ours", 101.0), measured("vroom", 100.0)])
        assert [floor.is_met for floor in found] == [True, False, False]

    def test_break_without_a_plan_of_ours(self) -> None:
        (floor,) = floors([measured("ours", None), measured("vroom", 100.0)])
        assert not floor.is_met

    def test_compare_with_pyvrp_where_nobody_rests(self) -> None:
        rows = [measured("ours", 60.0, breaks=False), measured("pyvrp", 100.0, breaks=False)]
        assert [floor.value for floor in floors(rows)] == [0, 0.6, 0.6]

    def test_hold_for_insertions(self) -> None:
        inserting, planning = floors([], {"p95_ms": 5.1, "first_plan_ms": 150.0})
        assert not inserting.is_met
        assert planning.is_met
