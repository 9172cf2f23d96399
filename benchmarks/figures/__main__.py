"""`python -m benchmarks.figures`: the pages of figures from benchmarks/results/*.json.

Every figure with its floor, its goal and the value measured, and plots beside it. Exit 1 when a
floor of the optimizer is broken; what was not measured is said to be so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures.plots import gaps, over_time
from benchmarks.figures.wanted import FIGURES, Figure, Result, Results
from benchmarks.predict import page as predicted

ROOT = Path(__file__).resolve().parents[2]
SUITES = ("technician", "trsp", "vrptw")
PLOTS = "pictures"
ELSEWHERE = ("predict", "ingest", "market")
"""Kinds of results that are on pages of their own."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.figures", description=__doc__)
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "optimizer-figures.md")
    options = parser.parse_args()
    results = read(options.results)
    plots = write_plots(results, options.page.parent / PLOTS)
    options.page.write_text("\n".join(page(results, plots)) + "\n")
    if (prediction := options.results / "predict.json").exists():
        predicted.write(json.loads(prediction.read_text()))
    broken = [figure.what for figure in FIGURES if is_broken(figure, results)]
    print(f"{options.page}: {len(results.files)} result files, broken floors: {broken or 'none'}")
    sys.exit(1 if broken else 0)


def read(folder: Path) -> Results:
    files = []
    for path in sorted(folder.glob("*.json")):
        found = json.loads(path.read_text())
        rows = found.get("rows", [])
        files.append(Result(path.stem, found["machine"], rows, found["summary"]))
    return Results(files)


def write_plots(results: Results, folder: Path) -> list[str]:
    """The names of the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {f"gaps-{suite}": gaps(results, suite) for suite in SUITES}
    drawn["score-over-time"] = over_time(results)
    for name, svg in drawn.items():
        if svg:
            (folder / f"{name}.svg").write_text(svg)
    return [name for name, svg in drawn.items() if svg]


def page(results: Results, plots: list[str]) -> Iterator[str]:
    yield "# Figures of the optimizer"
    yield ""
    yield "Made by `./dev bench figures` from the files in `benchmarks/results/`, not by hand."
    yield "[How they are measured](benchmarks.md)."
    yield ""
    yield "| what | floor | goal | measured | floor kept | goal reached |"
    yield "|---|---|---|---|---|---|"
    yield from (_line(figure, results) for figure in FIGURES)
    if plots:
        yield ""
        yield "## Plots"
    for name in plots:
        yield ""
        yield f"![{name.replace('-', ' ')}]({PLOTS}/{name}.svg)"
    yield ""
    yield "## Where the values come from"
    yield ""
    for one in results.files:
        if one.kind in ELSEWHERE:
            continue
        yield f"- `{one.name}.json`: {one.machine}, {len(one.rows)} rows"
    if not results.files:
        yield "Nothing has been measured."


def is_broken(figure: Figure, results: Results) -> bool:
    value = figure.value(results)
    return value is not None and figure.is_within(value, figure.floor) is False


def _line(figure: Figure, results: Results) -> str:
    value = figure.value(results)
    measured = "not measured" if value is None else _number(figure, value)
    verdicts = (
        "" if value is None else _verdict(figure.is_within(value, bound))
        for bound in (figure.floor, figure.goal)
    )
    bounds = (_bound(figure, bound) for bound in (figure.floor, figure.goal))
    return f"| {' | '.join((figure.what, *bounds, measured, *verdicts))} |"


def _bound(figure: Figure, bound: float | None) -> str:
    if bound is None:
        return ""
    return f"{'<=' if figure.sign > 0 else '>='} {_number(figure, bound)}"


def _number(figure: Figure, value: float) -> str:
    return f"{value:.4g} {figure.unit}".strip()


def _verdict(is_within: bool | None) -> str:
    return "" if is_within is None else "yes" if is_within else "**no**"


if __name__ == "__main__":
    main()
