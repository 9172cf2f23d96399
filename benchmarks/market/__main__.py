"""`python -m benchmarks.market`: a month of overflow visits under four ways of asking freelancers.

The people behave in ways that no policy can see. Exit 1 when a floor is broken.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.market.people import Person, draw_people
from benchmarks.market.plot import reliability
from benchmarks.market.policies import POLICIES
from benchmarks.market.visits import Overflow, draw_visits
from benchmarks.market.world import Remembered, World
from dispatch.travel.times import travel_times
from marketplace.waves.fairness import gini_of_groups

ROOT = Path(__file__).resolve().parents[2]
BINS = 10
GOALS = (
    ("sla_met_pct", "points", 0.0, -0.5),
    ("cost_per_visit", "%", -10.0, 0.0),
    ("offers_per_accepted", "%", -50.0, 0.0),
    ("gini", "points", 0.0, 0.02),
)
"""Of ours against the fixed ladder: figure, how it is compared, goal, floor."""


def main() -> None:
    options = _options()
    people = draw_people(options.freelancers, options.seed)
    visits = draw_visits(options.visits, options.seed)
    summary: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    with travel_times.wired(Remembered()):
        for name, policy in POLICIES.items():
            world = World(people, visits, policy())
            world.play()
            summary[name] = figures(world, people, visits)
            rows += bins(name, world.predicted)
            print(name, "  ".join(f"{k} {v}" for k, v in summary[name].items()), flush=True)
    compared = compare(summary)
    for line in compared:
        print("  ".join(f"{name} {value}" for name, value in line.items()))
    if options.json:
        machine = f"{platform.machine()} {platform.python_version()}"
        drawn = {"seed": options.seed, "freelancers": len(people), "visits": len(visits)}
        kept = {"machine": machine, **drawn, "rows": rows, "summary": summary}
        Path(options.json).write_text(json.dumps({**kept, "goals": compared}, indent=2) + "\n")
    if options.plot:
        options.plot.write_text(reliability([row for row in rows if row["policy"] == "ours"]))
    sys.exit(0 if all(line["floor_kept"] for line in compared) else 1)


def figures(world: World, people: Sequence[Person], visits: Sequence[Overflow]) -> dict[str, Any]:
    """What the month was like; `cost_per_visit` in euros, with penalties for a missed SLA."""
    cases = world.cases
    met = [case.began_at is not None and case.began_at <= case.visit.latest for case in cases]
    penalties = sum(c.visit.penalty_cents for c, kept in zip(cases, met, strict=True) if not kept)
    spent = sum(case.cents for case in cases)
    minutes = [
        (case.accepted_at - case.visit.published).total_seconds() / 60
        for case in cases
        if case.accepted_at
    ]
    groups: dict[str, list[float]] = defaultdict(list)
    for one in people:
        if not one.joins_on:
            groups[one.kind].append(world.earned[one.key])
    said = np.array(world.predicted)
    found = {
        "sla_met_pct": round(100 * sum(met) / len(met), 1),
        "cost_per_visit": round((spent + penalties) / len(visits) / 100, 2),
        "accept_p50_min": None,
        "accept_p95_min": None,
        "offers_per_accepted": None,
        "gini": None,
        "brier": None,
        "crowd_pct": round(100 * len(minutes) / len(visits), 1),
    }
    if minutes:
        found |= {
            "accept_p50_min": round(float(np.median(minutes)), 1),
            "accept_p95_min": round(float(np.quantile(minutes, 0.95)), 1),
            "offers_per_accepted": round(sum(case.offers for case in cases) / len(minutes), 2),
            "gini": round(gini_of_groups(groups), 3),
            "brier": round(float(np.mean((said[:, 0] - said[:, 1]) ** 2)), 4),
        }
    return found


def bins(name: str, predicted: Sequence[tuple[float, bool]]) -> list[dict[str, Any]]:
    """Said and seen chances of a yes, in parts with as many offers each."""
    ordered = sorted(predicted)
    parts = [part for part in np.array_split(np.array(ordered), BINS) if len(part)]
    return [
        {
            "policy": name,
            "offers": len(part),
            "said_pct": round(100 * float(part[:, 0].mean()), 1),
            "seen_pct": round(100 * float(part[:, 1].mean()), 1),
        }
        for part in parts
    ]


def compare(summary: Mapping[str, Mapping[str, float]]) -> list[dict[str, Any]]:
    """Ours against the fixed ladder, with goals and floors."""
    ours, ladder, found = summary["ours"], summary["fixed_ladder"], []
    for name, unit, goal, floor in GOALS:
        change = ours[name] - ladder[name]
        if unit == "%":
            change = 100 * change / ladder[name]
        sign = -1 if name == "sla_met_pct" else 1
        found.append(
            {
                "figure": name,
                "change": round(change, 3),
                "unit": unit,
                "goal": goal,
                "goal_reached": sign * change <= sign * goal,
                "floor": floor,
                "floor_kept": sign * change <= sign * floor,
            }
        )
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.market", description=__doc__)
    parser.add_argument("--freelancers", type=int, default=80)
    parser.add_argument("--visits", type=int, default=3200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="file for the result")
    parser.add_argument("--plot", type=Path, help="file for the reliability plot (SVG)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
