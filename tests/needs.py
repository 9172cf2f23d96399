"""Skips tests whose program is not on this machine, and says so loudly."""

import os
import shutil
from collections.abc import Callable

import pytest

PROGRAMS = {
    "browser": ("chromium", "chromium-browser", "google-chrome"),
    "mosquitto": ("mosquitto", "/usr/sbin/mosquitto"),
}
"""Mark -> the names under which its program may be found."""


def find_program(mark: str, which: Callable[[str], str | None] = shutil.which) -> str | None:
    """The path of the program that tests with this mark need; None when it is not here."""
    return next((path for name in PROGRAMS[mark] if (path := which(name))), None)


def reason(mark: str) -> str:
    return f"NO {mark.upper()} on this machine (install {PROGRAMS[mark][0]})"


def pytest_configure(config: pytest.Config) -> None:
    """FIRSTFIX_REQUIRE=browser,mosquitto turns a missing program into an error."""
    for mark in filter(None, os.environ.get("FIRSTFIX_REQUIRE", "").split(",")):
        if find_program(mark) is None:
            raise pytest.UsageError(reason(mark))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for mark in PROGRAMS:
        if find_program(mark) is None:
            for item in items:
                if item.get_closest_marker(mark):
                    item.add_marker(pytest.mark.skip(reason=reason(mark)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for mark in PROGRAMS:
        skipped = [
            report
            for report in terminalreporter.stats.get("skipped", [])
            if reason(mark) in str(report.longrepr)
        ]
        if skipped:
            terminalreporter.section("!!! NOT TESTED !!!", sep="!", red=True, bold=True)
            terminalreporter.line(f"{len(skipped)} tests skipped: {reason(mark)}.", red=True)
