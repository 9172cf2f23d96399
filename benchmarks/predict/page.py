"""docs/prediction-figures.md and its plot, from one result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures.plots import COLOURS, TOP, Drawing
from benchmarks.predict import floors

DOCS = Path(__file__).resolve().parents[2] / "docs"
HEIGHT = 360
MOST = 160.0


def write(result: Mapping[str, Any]) -> None:
    plot = remaining_life([row for row in result["rows"] if row["part"] == "fd001-engine"])
    (DOCS / "pictures").mkdir(exist_ok=True)
    (DOCS / "pictures" / "remaining-life.svg").write_text(plot)
    (DOCS / "prediction-figures.md").write_text("\n".join(page(result)) + "\n")


def page(result: Mapping[str, Any]) -> Iterator[str]:
    summary = result["summary"]
    yield "# Figures of prediction"
    yield ""
    yield "Made by `./dev bench predict --record`, not by hand, on the development data."
    yield "[How they are measured](benchmarks.md#predict-what-is-found-and-foretold). Machine:"
    yield f"{result['machine']}."
    yield ""
    yield "| what | floor | goal | measured | floor kept |"
    yield "|---|---|---|---|---|"
    for figure in floors.figures(is_development=True):
        value = summary.get(figure.key)
        kept = (
            ""
            if value is None
            else "yes"
            if figure.is_kept(value, summary.get(figure.cases))
            else "**no**"
        )
        shown = "not measured" if value is None else value
        yield f"| {figure.what} | {figure.floor} | {figure.goal} | {shown} | {kept} |"
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
