"""`python -m benchmarks.plan`: our solver against its peers, one pinned core each, equal time."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from benchmarks.plan import insertions, peers, run
from benchmarks.plan.files import UnreadableError
from benchmarks.plan.given import Given
from benchmarks.plan.report import Report
from benchmarks.plan.rows import measure, unfit, write_solution
from benchmarks.plan.suites import PARTS, SUITES, Case, NotRunError, Wanted

RESULTS = Path(__file__).resolve().parents[1] / "results"
WITH_INSERTIONS = ("quick", "full")
NO_ADAPTER = ("timefold",)
BROKEN, NOT_RUN = 1, 2


def main() -> None:
    options = _options()
    try:
        given = Given(options.reference) if options.reference else None
    except FileNotFoundError as missing:
        _refuse(f"There is no {missing.filename}.")
    report = Report(run.machine(), options.suite, options.seed, [])
    report.solvers = _solvers(options, report)
    print(report.machine, flush=True)
    try:
        cases, complete = _cases(options, given, report)
    except UnreadableError as why:
        _refuse(str(why))
    for case in cases:
        for solver in report.solvers:
            _row(report, case, solver, options, given)
    if options.suite in WITH_INSERTIONS:
        report.insertions = insertions.measure(options.seed)
    for line in report.table():
        print(line)
    _write(report, options)
    if any(not floor.is_met for floor in report.floors):
        sys.exit(BROKEN)
    sys.exit(0 if complete else NOT_RUN)


def _refuse(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    sys.exit(NOT_RUN)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.plan", description=__doc__)
    parser.add_argument("--suite", choices=SUITES, default="quick")
    data = os.environ.get("FIRSTFIX_BENCH_DATA")
    parser.add_argument("--data", default=data, help="folder with technician/, trsp/, vrptw/")
    parser.add_argument("--reference", help="a reference solver, its generator and judge beside it")
    parser.add_argument("--limit", type=float, help="seconds per plan, for every suite")
    parser.add_argument("--solvers", help=f"from {', '.join(peers.SOLVERS)}, with commas between")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="file for the result")
    parser.add_argument("--solutions", help="folder for one solution file per row")
    parser.add_argument("--record", action="store_true", help="write into benchmarks/results/")
    options = parser.parse_args()
    if options.limit is not None and not 0 < options.limit < float("inf"):
        parser.error("argument --limit: more than 0 seconds")
    return options


def _solvers(options: argparse.Namespace, report: Report) -> list[str]:
    """Those asked for that can run; peers that are missing are installed first."""
    if options.solvers:
        names = list(dict.fromkeys(filter(None, options.solvers.split(","))))
    else:
        names = ["ours", *peers.MODULES, *(["reference"] if options.reference else [])]
    unknown = [name for name in names if name not in (*peers.SOLVERS, *NO_ADAPTER)]
    if unknown:
        _refuse(f"There is no solver {unknown[0]}; there are {', '.join(peers.SOLVERS)}.")
    failed = ""
    if any(name in peers.MODULES and not peers.is_installed(name) for name in names):
        print("installing the peers ...", flush=True)
        failed = peers.install()
    found: list[str] = []
    for name in names:
        if name == "reference" and not options.reference:
            report.leave_out(name, "no --reference")
        elif name in NO_ADAPTER or not peers.is_installed(name):
            report.leave_out(name, f"not installed {failed}".strip())
        else:
            found.append(name)
    return found


def _cases(
    options: argparse.Namespace, given: Given | None, report: Report
) -> tuple[list[Case], bool]:
    """The cases of every part of the suite, and whether all parts have some."""
    wanted = Wanted(
        seed=options.seed,
        seconds=options.limit,
        data=Path(options.data) if options.data else None,
        given=given,
    )
    cases: list[Case] = []
    complete = True
    for part in SUITES[options.suite]:
        try:
            cases += PARTS[part](wanted)
        except NotRunError as why:
            complete = False
            report.leave_out(part, str(why))
    return cases, complete


def _row(
    report: Report, case: Case, solver: str, options: argparse.Namespace, given: Given | None
) -> None:
    if why := unfit(solver, case.instance):
        report.leave_out(f"{solver} on {case.instance.name}", why)
        return
    evaluate = None if given is None else given.evaluate
    measured, verdict, orders = measure(case, solver, options.seed, options.reference, evaluate)
    report.rows.append(measured)
    row = measured.row
    objective = "no plan" if row.objective is None else f"{row.objective:,.1f}"
    gap = "" if row.gap_pct is None else f" gap {row.gap_pct:.2f} %"
    print(
        f"{row.suite:10} {row.instance:30} {solver:10} {objective:>14}"
        f" unserved {row.unserved:4}{gap} {measured.wall_s:6.1f} s wall"
        f" {measured.cpu_s:6.1f} s cpu {measured.why}",
        flush=True,
    )
    if options.solutions:
        write_solution(Path(options.solutions), measured, verdict, orders)


def _write(report: Report, options: argparse.Namespace) -> None:
    text = json.dumps(report.to_json(), indent=2) + "\n"
    if options.json:
        file = Path(options.json)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    if options.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"plan-{options.suite}.json").write_text(text)


if __name__ == "__main__":
    main()
