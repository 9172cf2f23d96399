"""The reliability plot: what was said against what was seen, as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

SIZE, EDGE = 320, 40
INK, LINE, DOT = "#475862", "#d3dbdf", "#0a5b70"


def reliability(rows: Sequence[Mapping[str, Any]]) -> str:
    """One dot for each part of the offers; on the diagonal the model keeps its word."""
    whole = SIZE + 2 * EDGE
    svg = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {whole} {whole}",
            "role": "img",
            "font-family": "sans-serif",
            "font-size": "12",
        },
    )
    Xml.SubElement(svg, "title").text = "Chance of a yes: said and seen"
    _add(svg, "rect", width=whole, height=whole, fill="#ffffff")
    _add(svg, "line", x1=_x(0), y1=_y(0), x2=_x(100), y2=_y(100), stroke=LINE)
    for pct in range(0, 101, 20):
        _add(svg, "line", x1=_x(pct), y1=_y(0), x2=_x(pct), y2=_y(100), stroke=LINE)
        _text(svg, _x(pct) - 8, _y(0) + 16, f"{pct}")
        _text(svg, 12, _y(pct) + 4, f"{pct}")
    _text(svg, _x(0), 18, "yes seen, %")
    _text(svg, _x(60), whole - 6, "yes said, %")
    for row in rows:
        _add(svg, "circle", cx=_x(row["said_pct"]), cy=_y(row["seen_pct"]), r=5, fill=DOT)
    return Xml.tostring(svg, encoding="unicode") + "\n"


def _x(pct: float) -> float:
    return round(EDGE + pct / 100 * SIZE, 1)


def _y(pct: float) -> float:
    return round(EDGE + (1 - pct / 100) * SIZE, 1)


def _add(parent: Xml.Element, name: str, **values: object) -> Xml.Element:
    return Xml.SubElement(parent, name, {key: str(value) for key, value in values.items()})


def _text(parent: Xml.Element, x: float, y: float, words: str) -> None:
    _add(parent, "text", x=x, y=y, fill=INK).text = words
