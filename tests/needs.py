"""Skips tests whose needs are not on this machine, and says so loudly.

`FIRSTFIX_REQUIRE=browser,mosquitto` turns a missing need into an error; while it is set, no test
may be skipped for any other reason than a need that is not required.
"""

import importlib.util
import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from benchmarks.plan import peers

PROGRAMS = {
    "browser": ("chromium", "chromium-browser", "google-chrome"),
    "mosquitto": ("mosquitto", "/usr/sbin/mosquitto"),
}
"""Mark -> the names under which its program may be found."""


def find_program(mark: str, which: Callable[[str], str | None] = shutil.which) -> str | None:
    """The path of the program that tests with this mark need; None when it is not here."""
    return next((path for name in PROGRAMS[mark] if (path := which(name))), None)


def map_of_liechtenstein() -> Path:
    """The map of Liechtenstein (PBF) that FIRSTFIX_TEST_MAP names; it need not be there."""
    return Path(os.environ.get("FIRSTFIX_TEST_MAP", ""))


OTHERS: dict[str, tuple[Callable[[], bool], str]] = {
    "peers": (
        lambda: all(map(peers.is_installed, ("nextroute", "pyvrp", "vroom"))),
        "run ./dev bench plan once",
    ),
    "map": (
        lambda: (
            importlib.util.find_spec("valhalla") is not None and map_of_liechtenstein().is_file()
        ),
        "install the extra `road`, set FIRSTFIX_TEST_MAP to li.osm.pbf",
    ),
}
"""Mark -> whether its need is here, and how to get it."""
NEEDS = (*PROGRAMS, *OTHERS)


def is_here(mark: str) -> bool:
    return OTHERS[mark][0]() if mark in OTHERS else find_program(mark) is not None


def reason(mark: str) -> str:
    remedy = OTHERS[mark][1] if mark in OTHERS else f"install {PROGRAMS[mark][0]}"
    return f"NO {mark.upper()} on this machine ({remedy})"


def required() -> list[str]:
    return list(filter(None, os.environ.get("FIRSTFIX_REQUIRE", "").split(",")))


def pytest_configure(config: pytest.Config) -> None:
    for mark in required():
        if not is_here(mark):
            raise pytest.UsageError(reason(mark))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for mark in NEEDS:
        marked = [item for item in items if item.get_closest_marker(mark)]
        if marked and not is_here(mark):
            for item in marked:
                item.add_marker(pytest.mark.skip(reason=reason(mark)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    told = str(report.longrepr)
    is_skip = report.skipped and not hasattr(report, "wasxfail")
    if is_skip and required() and not any(reason(mark) in told for mark in NEEDS):
        report.outcome = "failed"
        report.longrepr = f"With FIRSTFIX_REQUIRE nothing else may be skipped: {told}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    counts = {mark: sum(reason(mark) in told for told in skipped) for mark in NEEDS}
    if any(counts.values()):
        terminalreporter.section("!!! NOT TESTED !!!", sep="!", red=True, bold=True)
    for mark, count in counts.items():
        if count:
            terminalreporter.line(f"{count} tests skipped: {reason(mark)}.", red=True)
