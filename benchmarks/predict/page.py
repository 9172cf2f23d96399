"""docs/prediction-figures.md and its plot, from the results of predict and of ingest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures.plots import COLOURS, TOP, Drawing
from benchmarks.predict import floors

BENCHMARKS = Path(__file__).resolve().parents[1]
INGEST = BENCHMARKS / "results" / "ingest.json"
DOCS = BENCHMARKS.parent / "docs"
HEIGHT = 360
MOST = 160.0


def write(result: Mapping[str, Any]) -> None:
    plot = remaining_life([row for row in result["rows"] if row["part"] == "fd001-engine"])
    (DOCS / "pictures").mkdir(exist_ok=True)
    (DOCS / "pictures" / "remaining-life.svg").write_text(plot)
    ingest = json.loads(INGEST.read_text()) if INGEST.exists() else None
    (DOCS / "prediction-figures.md").write_text("\n".join(page(result, ingest)) + "\n")


def page(result: Mapping[str, Any], ingest: Mapping[str, Any] | None = None) -> Iterator[str]:
    summary = result["summary"]
    yield "# Figures of prediction"
    yield ""
    yield "Made by `./dev bench predict --record`, not by hand, on the development data."
    yield "[How they are measured](benchmarks.md#predict-what-is-found-and-foretold). Machine:"
    yield f"{result['machine']}."
    yield ""
    yield "| what | floor | goal | measured | floor kept | goal reached |"
    yield "|---|---|---|---|---|---|"
    for figure in floors.figures(is_development=True):
        yield _line(figure, summary)
    if ingest is not None:
        yield from _ingest(ingest)
    yield ""
    yield "## Beside them"
    yield ""
    yield "| key | measured |"
    yield "|---|---|"
    known = {figure.key for figure in floors.figures(is_development=True)} | {"broken"}
    for key, value in summary.items():
        if key not in known:
            yield f"| `{key}` | {_words(value)} |"
    yield ""
    yield "![Remaining life foretold, by what it was](pictures/remaining-life.svg)"
    yield ""
    yield "Each engine cut once; a bar goes from the 90 % lower bound up to the prediction."


def _line(figure: floors.Figure, summary: Mapping[str, Any]) -> str:
    value = summary.get(figure.key)
    cells = [figure.what, figure.floor, figure.goal]
    if value is None:
        return f"| {' | '.join([*cells, 'not measured', '', ''])} |"
    kept = figure.is_kept(value, summary.get(figure.cases))
    return f"| {' | '.join([*cells, str(value), _yes(kept), _yes(figure.is_reached(value))])} |"


INGESTED = (
    ("MQTT messages per second", "messages_per_s", 1),
    ("the same, lag p99 ms", "lag_p99_ms", -1),
    ("the same, lost", "lost", -1),
    ("the same, duplicates", "duplicates", -1),
    ("the same, alerts missing", "missing_alerts", -1),
    ("the same, alerts twice", "duplicate_alerts", -1),
)


def _ingest(result: Mapping[str, Any]) -> Iterator[str]:
    """Both phases of `./dev bench ingest`; the bounds are its own."""
    run = result["settings"]
    yield ""
    yield "## Readings in"
    yield ""
    yield f"`./dev bench ingest`: {run['connections']:,} connections over {run['seconds']:g} s,"
    yield f"{run['processes']} ingest processes, {run['broker']}; then the same with kill -9 of"
    yield f"ingest and broker in the middle. Machine: {result['machine']}."
    yield ""
    yield "| what | floor | goal | measured | with kill -9 | goal reached |"
    yield "|---|---|---|---|---|---|"
    phases = result["phases"]
    for what, key, sign in INGESTED:
        if any(key not in phase for phase in phases.values()):
            continue  # a result from before it was measured
        values = [phases[name][key] for name in ("steady", "killed") if name in phases]
        bounds = [result[kind].get(key) for kind in ("floors", "goals")]
        shown = [_bound(bound, sign) for bound in bounds]
        shown += [f"{value:,.0f}" for value in values] + [""] * (2 - len(values))
        goal = bounds[1]
        reached = "" if goal is None else _yes(all(sign * v >= sign * goal for v in values))
        yield f"| {' | '.join([what, *shown, reached])} |"


def _bound(bound: float | None, sign: int) -> str:
    return "" if bound is None else f"{'>=' if sign > 0 else '<='} {bound:,}"


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "**no**"


def remaining_life(engines: list[dict[str, Any]]) -> str:
    """What was foretold above what was true, each with its lower bound."""
    title = "FD001, held-out engines: cycles foretold, by cycles that were left"
    drawing = Drawing(title, HEIGHT, 0, MOST, [])
    bottom = HEIGHT - 30
    drawing.ticks(bottom, "")

    def height(cycles: float) -> float:
        return round(bottom - min(cycles, MOST) / MOST * (bottom - TOP), 1)

    for cycles in (0, 40, 80, 120, 160):
        drawing.text(drawing.x(0) - 12, height(cycles) + 4, str(cycles), anchor="end")
    corner = [(drawing.x(0), height(0)), (drawing.x(MOST), height(MOST))]
    drawing.line(corner, COLOURS[4])
    for engine in engines:
        at = drawing.x(min(engine["true"], MOST))
        drawing.line([(at, height(engine["lower"])), (at, height(engine["predicted"]))], COLOURS[2])
        words = f"{engine['true']:g} left, {engine['predicted']:g} foretold"
        drawing.dot(at, height(engine["predicted"]), COLOURS[0], words)
    return str(drawing)


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {found}" for key, found in value.items())
    return str(value)
