"""Plots as SVG, written with the standard library alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as Xml

from benchmarks.figures.wanted import Results

COLOURS = ("#0a5b70", "#a86500", "#6a4fd0", "#b3261b", "#1d7a43")
WIDTH, LEFT, LINE, TOP = 860, 270, 18, 44
INK, SOFT = "#475862", "#d3dbdf"


class Drawing:
    """One plot with a title, a legend and a scale along the bottom."""

    def __init__(self, title: str, height: int, low: float, high: float, solvers: Sequence[str]):
        self.low, self.high = low, max(high, low + 1e-9)
        self._svg = Xml.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {WIDTH} {height}",
                "role": "img",
                "font-family": "sans-serif",
                "font-size": "12",
            },
        )
        Xml.SubElement(self._svg, "title").text = title
        self.add("rect", width=WIDTH, height=height, fill="#ffffff")
        self.text(12, 20, title, size=14)
        self.colour = dict(zip(solvers, COLOURS * len(solvers), strict=False))
        for number, solver in enumerate(solvers):
            self.dot(LEFT + 90 * number, 36, self.colour[solver], solver)
            self.text(LEFT + 90 * number + 9, 40, solver)

    def x(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(LEFT + share * (WIDTH - LEFT - 30), 1)

    def add(self, tag: str, **values: object) -> Xml.Element:
        known = {name.replace("_", "-"): str(value) for name, value in values.items()}
        return Xml.SubElement(self._svg, tag, known)

    def text(
        self, x: float, y: float, words: str, *, size: int = 12, anchor: str = "start"
    ) -> None:
        found = self.add("text", x=x, y=y, fill=INK, font_size=size, text_anchor=anchor)
        found.text = words

    def dot(self, x: float, y: float, colour: str, words: str) -> None:
        Xml.SubElement(self.add("circle", cx=x, cy=y, r=4.5, fill=colour), "title").text = words

    def line(self, points: Iterable[tuple[float, float]], colour: str, width: float = 1) -> None:
        path = " ".join(f"{x},{y}" for x, y in points)
        self.add("polyline", points=path, fill="none", stroke=colour, stroke_width=width)

    def ticks(self, bottom: float, unit: str) -> None:
        for step in range(6):
            value = self.low + step * (self.high - self.low) / 5
            self.line([(self.x(value), TOP), (self.x(value), bottom)], SOFT)
            self.text(self.x(value), bottom + 14, f"{value:.3g}{unit}", anchor="middle")

    def __str__(self) -> str:
        return Xml.tostring(self._svg, encoding="unicode") + "\n"


def gaps(results: Results, suite: str) -> str | None:
    """How far each solver is above the best of all, by instance; at the longest limit."""
    best = _by_instance(results, suite)
    if not best:
        return None
    solvers = sorted({name for found in best.values() for name in found}, key=_ours_first)
    above = {
        name: {solver: 100 * (value / min(found.values()) - 1) for solver, value in found.items()}
        for name, found in sorted(best.items())
    }
    high = max(value for found in above.values() for value in found.values())
    height = TOP + LINE * (len(above) + 2)
    drawing = Drawing(f"{suite}: above the best solver, by instance", height, 0, high, solvers)
    drawing.ticks(height - 1.6 * LINE, " %")
    for number, (name, found) in enumerate(above.items()):
        y = TOP + LINE * (number + 0.7)
        drawing.text(LEFT - 10, y + 4, name, anchor="end")
        for solver, value in found.items():
            drawing.dot(drawing.x(value), y, drawing.colour[solver], f"{solver}: {value:.2f} %")
    return str(drawing)


def over_time(results: Results, suite: str = "technician") -> str | None:
    """The mean objective after each limit, as a share of the best of all; None with one limit."""
    rows = [row for row in results.rows(suite) if row["objective"]]
    limits = sorted({row["limit_s"] for row in rows})
    if len(limits) < 2:
        return None
    best: dict[str, float] = {}
    for row in rows:
        best[row["instance"]] = min(row["objective"], best.get(row["instance"], row["objective"]))
    shares: dict[str, dict[float, list[float]]] = {}
    for row in rows:
        share = row["objective"] / best[row["instance"]]
        shares.setdefault(row["solver"], {}).setdefault(row["limit_s"], []).append(share)
    means = {
        solver: {limit: sum(found) / len(found) for limit, found in by_limit.items()}
        for solver, by_limit in shares.items()
    }
    high = max(value for found in means.values() for value in found.values())
    solvers = sorted(means, key=_ours_first)
    title = f"{suite}: mean score over time, 1 is the best of all"
    drawing = Drawing(title, TOP + 240, 0, limits[-1], solvers)
    drawing.ticks(TOP + 210, " s")
    for value in (1.0, (1 + high) / 2, high):
        drawing.text(LEFT - 10, _y(value, high) + 4, f"{value:.2f}", anchor="end")
    for solver in solvers:
        points = [
            (drawing.x(limit), _y(value, high)) for limit, value in sorted(means[solver].items())
        ]
        drawing.line(points, drawing.colour[solver], 2)
        for x, y in points:
            drawing.dot(x, y, drawing.colour[solver], solver)
    return str(drawing)


def _y(value: float, high: float) -> float:
    return round(TOP + 200 - 190 * (value - 1) / max(high - 1, 1e-9), 1)


def _by_instance(results: Results, suite: str) -> Mapping[str, dict[str, float]]:
    """The objective of every solver at the longest limit that an instance was run with."""
    longest: dict[str, float] = {}
    for row in results.rows(suite):
        longest[row["instance"]] = max(row["limit_s"], longest.get(row["instance"], 0))
    found: dict[str, dict[str, float]] = {}
    for row in results.rows(suite):
        if row["objective"] and row["limit_s"] == longest[row["instance"]]:
            found.setdefault(row["instance"], {})[row["solver"]] = row["objective"]
    return found


def _ours_first(solver: str) -> tuple[bool, str]:
    return solver != "ours", solver
