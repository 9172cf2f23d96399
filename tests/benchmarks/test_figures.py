"""The page of figures from a small sample of results."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from benchmarks.figures.__main__ import is_broken, page, read, write_plots
from benchmarks.figures.wanted import FIGURES, Results


def measured(peer: str, limit: float, mean: float, **over: Any) -> dict[str, Any]:
    values = {"peer": peer, "limit_s": limit, "breaks": True, "instances": 1}
    return {**values, "mean": mean, "worst": mean + 0.1, **over}


def row(suite: str, instance: str, solver: str, objective: float, **over: Any) -> dict[str, Any]:
    values = {"limit_s": 5, "seed": 1, "unserved": 0, "gap_pct": None, "feasible": True}
    told = {"suite": suite, "instance": instance, "solver": solver, "objective": objective}
    return {**told, **values, **over}


def keep(folder: Path, name: str, summary: dict[str, Any], *rows: dict[str, Any]) -> None:
    value = {"machine": "x86_64, 2 cores", "rows": rows, "summary": summary}
    (folder / f"{name}.json").write_text(json.dumps(value))


@pytest.fixture
def results(tmp_path: Path) -> Results:
    ratios = [
        measured("vroom", 5.0, 0.71),
        measured("vroom", 5.0, 0.5, breaks=False),
        measured("vroom", 30.0, 0.93),
        measured("reference", 30.0, 0.9),
        measured("reference", 30.0, 1.1, breaks=False, instances=3),
    ]
    rows = [
        row("technician", "city-20x150", solver, objective, limit_s=limit)
        for limit, ours, theirs in ((5, 80.0, 110.0), (30, 75.0, 100.0))
        for solver, objective in (("ours", ours), ("vroom", theirs))
    ]
    keep(tmp_path, "plan-technician", {"floors": [], "ratios": ratios}, *rows)
    trsp = [row("trsp", f"R{n}", "ours", 100.0, gap_pct=gap) for n, gap in enumerate((-1, -2, 3))]
    large = [
        row("vrptw", "C1_10_1", "ours", 105.0, gap_pct=5.0),
        row("vrptw", "C1_10_1", "pyvrp", 104.0, gap_pct=4.0),
    ]
    keep(tmp_path, "plan-others", {"floors": []}, *trsp, *large)
    keep(tmp_path, "repair", {"p95_s": 3.4, "moved_pct": 0.9})
    return read(tmp_path)


def line(results: Results, start: str) -> list[str]:
    [found] = [text for text in page(results, []) if text.startswith(f"| {start}")]
    return [cell.strip() for cell in found.strip("|").split("|")]


class TestPage:
    def test_has_a_line_for_every_figure(self, results: Results) -> None:
        lines = [text for text in page(results, []) if text.startswith("| ")]
        assert len(lines) == 1 + len(FIGURES)

    def test_sets_the_value_beside_floor_and_goal(self, results: Results) -> None:
        mean = next(text for text in page(results, []) if "0.71" in text)
        assert mean == "| the same, mean | <= 1 | <= 0.75 | 0.71 | yes | yes |"

    def test_tells_each_limit_by_itself(self, results: Results) -> None:
        worst = "Technician instances with breaks, {} s, against VROOM, worst"
        assert line(results, worst.format(5))[3:5] == ["0.81", "yes"]
        assert line(results, worst.format(30))[3:5] == ["1.03", "**no**"]

    def test_a_mean_is_over_all_instances(self, results: Results) -> None:
        assert line(results, "Against the reference solver, 30 s")[3:] == [
            "1.05",
            "**no**",
            "**no**",
        ]

    def test_says_what_was_not_measured(self, results: Results) -> None:
        assert line(results, "Windows for a customer")[3:] == ["not measured", "", ""]

    def test_counts_what_has_to_be_many(self, results: Results) -> None:
        assert line(results, "Pillac TRSP: instances improved")[2:] == [
            ">= 10 of 28", "2 of 28", "", "**no**"
        ]  # fmt: skip

    def test_compares_with_the_peer_on_the_same_instances(self, results: Results) -> None:
        found = [text for text in page(results, []) if "behind PyVRP" in text]
        assert found[1] == "| the same, behind PyVRP |  | <= 0 points | 1 points |  | **no** |"

    def test_a_broken_floor_is_found(self, results: Results) -> None:
        broken = [figure.what for figure in FIGURES if is_broken(figure, results)]
        assert broken == [
            "Technician instances with breaks, 30 s, against VROOM, worst",
            "Against the reference solver, 30 s, mean",
            "Re-plan after a disruption, 100 x 1,000, p95",
        ]

    def test_without_results_says_so(self, tmp_path: Path) -> None:
        assert "Nothing has been measured." in list(page(read(tmp_path), []))


class TestPlots:
    def test_are_drawn_where_there_is_something_to_compare(
        self, results: Results, tmp_path: Path
    ) -> None:
        names = write_plots(results, tmp_path / "pictures")
        assert names == ["gaps-technician", "gaps-trsp", "gaps-vrptw", "score-over-time"]
        for name in names:
            Xml.parse(tmp_path / "pictures" / f"{name}.svg")

    def test_tell_each_solver_by_instance(self, results: Results, tmp_path: Path) -> None:
        write_plots(results, tmp_path)
        svg = (tmp_path / "gaps-technician.svg").read_text()
        assert "city-20x150" in svg
        assert "vroom: 33.33 %" in svg
