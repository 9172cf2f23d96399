"""The figures that must not be broken, each with its floor; a broken one fails the benchmark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import mean

from benchmarks.plan.rows import Measured

OURS = "ours"
LARGE = 1000
FIRST_PLAN_MS = 200.0
INSERTION_P95_MS = 5.0


@dataclass(frozen=True, slots=True)
class Floor:
    """`value` must not be above `floor`; None when nothing was measured to compare with."""

    name: str
    value: float
    floor: float
    goal: float | None = None

    @property
    def is_met(self) -> bool:
        return self.value <= self.floor


Rows = list[Measured]


def ratios(rows: Rows, peer: str, limit: float | None = None) -> list[float]:
    """Our objective against the peer's, for each instance and limit that both have solved."""
    theirs = {(m.case.instance.name, m.row.limit_s): m.row.objective for m in rows
              if m.row.solver == peer}  # fmt: skip
    found: list[float] = []
    for one in rows:
        if one.row.solver != OURS or (limit is not None and one.row.limit_s != limit):
            continue
        other = theirs.get((one.case.instance.name, one.row.limit_s))
        if other and one.row.objective is not None:
            found.append(one.row.objective / other)
    return found


def plans_feasible(rows: Rows) -> Iterator[Floor]:
    """Every plan of ours passes the checker."""
    ours = [one for one in rows if one.row.solver == OURS]
    if ours:
        refused = sum(not one.row.feasible for one in ours)
        yield Floor("plans of ours that are no plans", refused, 0)


def against_vroom(rows: Rows) -> Iterator[Floor]:
    found = ratios([one for one in _technician(rows) if one.case.instance.has_breaks], "vroom")
    yield from _worst_and_mean("technician with breaks, ours / vroom", found, 1.0, 0.75)


def against_pyvrp(rows: Rows) -> Iterator[Floor]:
    found = ratios([one for one in _technician(rows) if not one.case.instance.has_breaks], "pyvrp")
    yield from _worst_and_mean("technician without breaks, ours / pyvrp", found, 1.0, 0.7)


def against_reference(rows: Rows) -> Iterator[Floor]:
    found = ratios(_technician(rows), "reference")
    if found:
        yield Floor("technician, ours / reference, mean", mean(found), 1.01, 0.95)


def trsp_gap(rows: Rows) -> Iterator[Floor]:
    found = _gaps(rows, "trsp", OURS)
    if found:
        yield Floor("trsp, mean gap %", mean(found), 1.0, -0.5)
        kept = sum(gap >= 0 for gap in found)
        yield Floor("trsp, instances not improved", kept, len(found), max(0, len(found) - 10))


def vrptw_gap(rows: Rows) -> Iterator[Floor]:
    """Up to 400 customers against the best known and PyVRP, above against the best known."""
    small = [one for one in rows if len(one.case.instance.jobs) < LARGE]
    large = [one for one in rows if len(one.case.instance.jobs) >= LARGE]
    ours, theirs = _gaps(small, "vrptw", OURS), _gaps(small, "vrptw", "pyvrp")
    if ours:
        yield Floor("vrptw to 400, mean gap %", mean(ours), 1.0, 0.3)
    if ours and len(ours) == len(theirs):
        yield Floor("vrptw to 400, gap behind pyvrp", mean(ours) - mean(theirs), 0.3, 0.0)
    if gaps := _gaps(large, "vrptw", OURS):
        yield Floor("vrptw of 1000, mean gap %", mean(gaps), 6.0)


FLOORS: tuple[Callable[[Rows], Iterator[Floor]], ...] = (
    plans_feasible,
    against_vroom,
    against_pyvrp,
    against_reference,
    trsp_gap,
    vrptw_gap,
)


def floors(rows: Rows, insertions: dict[str, float] | None = None) -> list[Floor]:
    found = [floor for rule in FLOORS for floor in rule(rows)]
    if insertions:
        found.append(Floor("insertion p95 ms", insertions["p95_ms"], INSERTION_P95_MS, 0.3))
        found.append(Floor("first plan ms", insertions["first_plan_ms"], FIRST_PLAN_MS, 200.0))
    return found


def _technician(rows: Rows) -> Rows:
    return [one for one in rows if one.row.suite == "technician"]


def _gaps(rows: Rows, suite: str, solver: str) -> list[float]:
    return [
        one.row.gap_pct
        for one in rows
        if one.row.suite == suite and one.row.solver == solver and one.row.gap_pct is not None
    ]


def _worst_and_mean(name: str, found: list[float], floor: float, goal: float) -> Iterator[Floor]:
    if found:
        yield Floor(f"{name}, worst", max(found), floor)
        yield Floor(f"{name}, mean", mean(found), floor, goal)
