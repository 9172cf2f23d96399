"""The benchmark's result as JSON and as a table for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from statistics import mean
from typing import Any

from benchmarks.plan.floors import OURS, Floor, floors, ratios
from benchmarks.plan.rows import Measured

FULL_CORE = 0.9
"""Share of a core below which a run was disturbed by others on the machine."""


@dataclass
class Report:
    """Filled while the benchmark runs."""

    machine: str
    suite: str
    seed: int
    solvers: list[str]
    rows: list[Measured] = field(default_factory=list)
    not_run: list[dict[str, str]] = field(default_factory=list)
    insertions: dict[str, float] | None = None

    @property
    def floors(self) -> list[Floor]:
        return floors(self.rows, self.insertions)

    def leave_out(self, what: str, why: str) -> None:
        entry = {"what": what, "why": why}
        if entry not in self.not_run:
            self.not_run.append(entry)
            print(f"not run: {what}: {why}", flush=True)

    def to_json(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "rows": [one.to_json() for one in self.rows],
            "summary": {
                "suite": self.suite,
                "seed": self.seed,
                "limits_s": sorted({one.row.limit_s for one in self.rows}),
                "ratios": self._ratios(),
                "mean_gap_pct": self._gaps(),
                "floors": [{**asdict(one), "is_met": one.is_met} for one in self.floors],
                "not_run": self.not_run,
                "insertions": self.insertions,
                "runs": [
                    {
                        "instance": one.row.instance,
                        "solver": one.row.solver,
                        "limit_s": one.row.limit_s,
                        "wall_s": one.wall_s,
                        "cpu_s": one.cpu_s,
                        "why": one.why,
                    }
                    for one in self.rows
                ],
            },
        }

    def _ratios(self) -> list[dict[str, Any]]:
        """By peer, limit and breaks, over the instances that both have solved."""
        found: list[dict[str, Any]] = []
        for peer, limit, breaks in self._groups():
            rows = [one for one in self.rows if one.case.instance.has_breaks == breaks]
            values = ratios(rows, peer, limit)
            if values:
                found.append(
                    {
                        "peer": peer,
                        "limit_s": limit,
                        "breaks": breaks,
                        "instances": len(values),
                        "mean": round(mean(values), 4),
                        "worst": round(max(values), 4),
                    }
                )
        return found

    def _groups(self) -> Iterator[tuple[str, float, bool]]:
        limits = sorted({one.row.limit_s for one in self.rows})
        for peer in self.solvers:
            for limit in limits:
                for breaks in (True, False):
                    if peer != OURS:
                        yield peer, limit, breaks

    def _gaps(self) -> dict[str, float]:
        gaps: dict[str, list[float]] = {}
        for one in self.rows:
            if one.row.gap_pct is not None:
                gaps.setdefault(f"{one.row.suite} {one.row.solver}", []).append(one.row.gap_pct)
        return {name: round(mean(values), 3) for name, values in gaps.items()}

    def table(self) -> Iterator[str]:
        """One line per instance and limit, then the means, then the floors."""
        solvers = [name for name in self.solvers if any(m.row.solver == name for m in self.rows)]
        peers = [name for name in solvers if name != OURS]
        yield ""
        yield _line("instance", "limit", [*solvers, *(f"ours/{peer}" for peer in peers)])
        lines: dict[tuple[str, float], dict[str, float | None]] = {}
        for one in self.rows:
            key = (one.row.instance, one.row.limit_s)
            lines.setdefault(key, {})[one.row.solver] = one.row.objective
        for (name, limit), values in lines.items():
            cells = [_number(values.get(solver)) for solver in solvers]
            cells += [_ratio(values.get(OURS), values.get(peer)) for peer in peers]
            yield _line(name, f"{limit:g} s", cells)
        yield ""
        for ratio in self._ratios():
            breaks = "with" if ratio["breaks"] else "without"
            yield (
                f"ours/{ratio['peer']} {breaks} breaks, {ratio['limit_s']:g} s:"
                f" mean {ratio['mean']:.3f}, worst {ratio['worst']:.3f}"
                f" over {ratio['instances']}"
            )
        for name, gap in self._gaps().items():
            yield f"{name}: mean gap {gap:.2f} %"
        starved = sum(one.cpu_s < FULL_CORE * one.wall_s for one in self.rows)
        if starved:
            yield f"{starved} of {len(self.rows)} runs had less than {FULL_CORE:.0%} of their core"
        for floor in self.floors:
            verdict = "met" if floor.is_met else "BROKEN"
            goal = "" if floor.goal is None else f", goal {floor.goal:g}"
            yield f"{verdict:7} {floor.name}: {floor.value:.3f} (floor {floor.floor:g}{goal})"


def _line(name: str, limit: str, cells: list[str]) -> str:
    return f"{name:34} {limit:>6}" + "".join(f" {cell:>15}" for cell in cells)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def _ratio(ours: float | None, theirs: float | None) -> str:
    return "-" if ours is None or not theirs else f"{ours / theirs:.3f}"
