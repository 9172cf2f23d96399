"""`python -m benchmarks.predict`: detectors and predictors on NAB, SKAB, C-MAPSS and PdM.

Everything is learned and every threshold chosen on the development data that
`FIRSTFIX_BENCH_DATA` names; `--data` names what is judged, the development data themselves when
it is missing. Exit 1 when a floor is broken, 2 when something could not be measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.predict import anomalies, assets, failures, floors, lifetimes, page
from benchmarks.predict.data import Data, NotRunError

RESULTS = Path(__file__).resolve().parents[1] / "results"
BROKEN, NOT_RUN = 1, 2
Measured = tuple[dict[str, Any], list[dict[str, Any]]]
PARTS: dict[str, Callable[[Data], Measured]] = {
    "nab": anomalies.measure,
    "skab": assets.measure,
    "fd001": lifetimes.measure,
    "pdm": failures.measure,
}


def main() -> None:
    options = _options()
    data = _data(options)
    result: dict[str, Any] = {"machine": _machine(), "rows": [], "summary": {}, "not_run": {}}
    for name in options.parts.split(","):
        try:
            summary, rows = PARTS[name](data)
        except NotRunError as why:
            result["not_run"][name] = str(why)
            print(f"{name}: not run, {why}", flush=True)
            continue
        result["rows"] += rows
        result["summary"] |= summary
        print(
            f"{name}: " + "  ".join(f"{key} {value}" for key, value in summary.items()), flush=True
        )
    summary = result["summary"]
    summary["broken"] = floors.broken(summary, is_development=data.is_development)
    for figure in floors.figures(is_development=data.is_development):
        print(f"{figure.what:52} {summary.get(figure.key, 'not measured')!s:>12}"
              f"  floor {figure.floor}  goal {figure.goal}")  # fmt: skip
    _write(result, options)
    if summary["broken"]:
        print(f"broken: {', '.join(summary['broken'])}")
        sys.exit(BROKEN)
    sys.exit(NOT_RUN if result["not_run"] else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.predict", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with iot/, judged")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--json", help="file for the result")
    parser.add_argument(
        "--record", action="store_true", help="write the results file and the page of figures"
    )
    options = parser.parse_args()
    if unknown := set(options.parts.split(",")) - set(PARTS):
        parser.error(f"there is no part {unknown.pop()}; there are {', '.join(PARTS)}")
    return options


def _data(options: argparse.Namespace) -> Data:
    development = os.environ.get("FIRSTFIX_BENCH_DATA") or options.data
    if not development:
        print("No data: FIRSTFIX_BENCH_DATA names the development data, a folder with iot/.")
        sys.exit(NOT_RUN)
    folder = Path(development)
    return Data(folder / "iot", (options.data or folder) / "iot")


def _machine() -> str:
    return f"{platform.machine()} {platform.python_version()}, {os.cpu_count()} cores"


def _write(result: dict[str, Any], options: argparse.Namespace) -> None:
    text = json.dumps(result, indent=2) + "\n"
    if options.json:
        Path(options.json).write_text(text)
    if options.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "predict.json").write_text(text)
        page.write(result)


if __name__ == "__main__":
    main()
