"""Every figure that the optimizer has to reach, and where its value stands in the results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

Summary = Mapping[str, Any]
Value = Callable[["Results"], "float | None"]


@dataclass(frozen=True, slots=True)
class Result:
    """One file: its kind is the first word of its name (`plan-trsp.json` is a `plan`)."""

    name: str
    machine: str
    rows: Sequence[Mapping[str, Any]]
    summary: Summary

    @property
    def kind(self) -> str:
        return self.name.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Results:
    files: Sequence[Result]

    def of(self, kind: str) -> Iterator[Result]:
        return (one for one in self.files if one.kind == kind)

    def rows(self, suite: str) -> list[Mapping[str, Any]]:
        return self._of_whole_suites(lambda one: [r for r in one.rows if r["suite"] == suite])

    def floor(self, name: str) -> float | None:
        """The worst value of that name among the benchmark's own floors."""
        found = self._of_whole_suites(
            lambda one: [floor["value"] for floor in one.summary["floors"] if floor["name"] == name]
        )
        return max(found, default=None)

    def ratios(self) -> list[Mapping[str, Any]]:
        return self._of_whole_suites(lambda one: one.summary.get("ratios", []))

    def _of_whole_suites(self, read: Callable[[Result], list[Any]]) -> list[Any]:
        """What plans tell; the quick suite is a sample, heard where no other tells anything."""
        quick: list[Any] = []
        whole: list[Any] = []
        for one in self.of("plan"):
            (quick if one.summary.get("suite") == "quick" else whole).extend(read(one))
        return whole or quick

    def worst(self, kind: str, key: str) -> float | None:
        found = [one.summary[key] for one in self.of(kind) if one.summary.get(key) is not None]
        return max(found, default=None)


@dataclass(frozen=True, slots=True)
class Figure:
    """`floor` and `goal` bound the value from above; a negative `sign` turns that round."""

    what: str
    unit: str
    value: Value
    floor: float | None
    goal: float | None
    sign: int = 1

    def is_within(self, value: float, bound: float | None) -> bool | None:
        return None if bound is None else self.sign * value <= self.sign * bound


def _floor(name: str) -> Value:
    return lambda results: results.floor(name)


def _worst(kind: str, key: str) -> Value:
    return lambda results: results.worst(kind, key)


def ratio(
    results: Results, *, peer: str, limit: int, breaks: Sequence[bool], key: str
) -> float | None:
    """The worst or the mean of the ratios to a peer, each file's mean by its instances."""
    found: list[tuple[float, int]] = [
        (one[key], one["instances"])
        for one in results.ratios()
        if one["peer"] == peer and one["limit_s"] == limit and one["breaks"] in breaks
    ]
    if not found or key == "worst":
        return max((value for value, _ in found), default=None)
    return sum(value * count for value, count in found) / sum(count for _, count in found)


def improved(results: Results) -> float | None:
    """TRSP instances with a plan of ours that is better than the value reported."""
    gaps = [(r["instance"], r["gap_pct"]) for r in results.rows("trsp") if r["solver"] == "ours"]
    return len({name for name, gap in gaps if gap is not None and gap < 0}) if gaps else None


def behind_pyvrp(results: Results) -> float | None:
    """Mean gap of ours less that of PyVRP, over the instances of 1,000 that both have solved."""
    gaps: dict[str, dict[str, float]] = {"ours": {}, "pyvrp": {}}
    for row in results.rows("vrptw"):
        if "_10_" in row["instance"] and row["solver"] in gaps and row["gap_pct"] is not None:
            gaps[row["solver"]][row["instance"]] = row["gap_pct"]
    both = gaps["ours"].keys() & gaps["pyvrp"].keys()
    return sum(gaps["ours"][k] - gaps["pyvrp"][k] for k in both) / len(both) if both else None


LIMITS = (5, 30)
"""Seconds that every solver gets for a technician instance."""


def technicians(limit: int) -> Iterator[Figure]:
    """Our objective over a peer's, on technician instances."""
    vroom = partial(ratio, peer="vroom", limit=limit, breaks=(True,))
    pyvrp = partial(ratio, peer="pyvrp", limit=limit, breaks=(False,))
    reference = partial(ratio, peer="reference", limit=limit, breaks=(True, False))
    yield Figure(
        f"Technician instances with breaks, {limit} s, against VROOM, worst",
        "",
        partial(vroom, key="worst"),
        1.0,
        None,
    )
    yield Figure("the same, mean", "", partial(vroom, key="mean"), 1.0, 0.75)
    yield Figure(
        f"Without breaks, {limit} s, against PyVRP, worst",
        "",
        partial(pyvrp, key="worst"),
        1.0,
        None,
    )
    yield Figure("the same, mean", "", partial(pyvrp, key="mean"), 1.0, 0.70)
    yield Figure(
        f"Against the reference solver, {limit} s, mean",
        "",
        partial(reference, key="mean"),
        1.01,
        0.95,
    )


FIGURES = (
    *(figure for limit in LIMITS for figure in technicians(limit)),
    Figure(
        "Pillac TRSP: mean gap to the reported values", "%", _floor("trsp, mean gap %"), 1.0, -0.5
    ),
    Figure("Pillac TRSP: instances improved", "of 28", improved, None, 10, sign=-1),
    Figure(
        "VRPTW of 100 to 400: mean gap to the best known",
        "%",
        _floor("vrptw to 400, mean gap %"),
        1.0,
        0.3,
    ),
    Figure("the same, behind PyVRP", "points", _floor("vrptw to 400, gap behind pyvrp"), 0.3, 0.0),
    Figure(
        "VRPTW of 1,000: mean gap to the best known",
        "%",
        _floor("vrptw of 1000, mean gap %"),
        6.0,
        None,
    ),
    Figure("the same, behind PyVRP", "points", behind_pyvrp, None, 0.0),
    Figure(
        "Insertion of one job into 100 x 1,000, p95", "ms", _floor("insertion p95 ms"), 5.0, 0.3
    ),
    Figure(
        "Re-plan after a disruption, 100 x 1,000, p95", "s", _worst("repair", "p95_s"), 3.0, 1.0
    ),
    Figure("the same, untouched visits moved", "%", _worst("repair", "moved_pct"), 5.0, 1.0),
    Figure("Checker: mutants missed", "%", _worst("checker", "missed_pct"), 1.0, 0.0),
    Figure(
        "10,000 jobs x 1,000 technicians cut by territory, feasible after",
        "s",
        _worst("scale", "wall_s"),
        60.0,
        None,
    ),
    Figure(
        "the same, gap to the best uncut run", "%", _worst("scale", "gap_to_uncut_pct"), None, 2.0
    ),
    Figure(
        "Explanation through HTTP, 100 x 1,000, p95",
        "ms",
        _worst("explain", "p95_ms"),
        1000.0,
        None,
    ),
    Figure(
        "Windows for a customer through HTTP, p95", "ms", _worst("slots", "p95_ms"), 150.0, None
    ),
)
