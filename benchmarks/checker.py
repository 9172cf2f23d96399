"""`python -m benchmarks.checker`: valid plans are broken on purpose, one rule at a time; how many
the independent checker lets pass; exit 1 above the floor, or when a rule was never broken."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path
from typing import Any

from benchmarks.invariants.checker import Attack, attack
from optimizer.violation import Code

FLOOR_PCT = 1.0


def main() -> None:
    options = _options()
    found = attack(mutants=options.mutants, seed=options.seed)
    rows = [
        {"mutation": name, "mutants": made, "missed": found.missed[name]}
        for name, made in sorted(found.made.items())
    ]
    summary = _summary(found, options.seed)
    for name, value in summary.items():
        print(f"{name}: {value}")
    if options.json:
        machine = f"{platform.machine()} {platform.python_version()}"
        result = {"machine": machine, "rows": rows, "summary": summary}
        Path(options.json).write_text(json.dumps(result, indent=2) + "\n")
    unbroken = summary["rules_never_broken"]
    is_kept = summary["missed_pct"] <= FLOOR_PCT and not found.invalid and not unbroken
    sys.exit(0 if is_kept else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.checker", description=__doc__)
    parser.add_argument("--mutants", type=int, default=10_000, help="at least so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="file for the result")
    return parser.parse_args()


def _summary(found: Attack, seed: int) -> dict[str, Any]:
    """`rules` counts the mutants in which the checker found each rule broken."""
    mutants = found.made.total()
    return {
        "mutants": mutants,
        "missed": found.missed.total(),
        "missed_pct": round(100 * found.missed.total() / mutants, 3),
        "instances": found.instances,
        "invalid_plans": len(found.invalid),
        "seed": seed,
        "rules": {str(code): found.broken[code] for code in Code if found.broken[code]},
        "rules_never_broken": [str(code) for code in Code if not found.broken[code]],
    }


if __name__ == "__main__":
    main()
