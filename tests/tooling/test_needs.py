"""What is not tested for want of a program is skipped loudly, or refused on request."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
import pytest

@pytest.mark.browser
def test_page():
    assert False

@pytest.mark.mosquitto
def test_broker():
    assert False

def test_rest():
    pass
"""

HIDDEN = """
import pytest

@pytest.mark.skip(reason="not today")
def test_it():
    pass
"""


def run(folder: Path, tests: str = TESTS, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(tests)
    options = ["-p", "no:cacheprovider", "--rootdir", folder, "-c", ROOT / "pyproject.toml"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, folder / "test_it.py"],
        cwd=folder,
        env={**os.environ, "PATH": str(folder), "FIRSTFIX_REQUIRE": "", **environment},
        capture_output=True,
        text=True,
    )


def known_as(folder: Path, mark: str, program: str) -> dict[str, str]:
    """A plugin in the test folder looks for the program of a mark under this name alone."""
    (folder / "known.py").write_text(
        f"from tests import needs\nneeds.PROGRAMS[{mark!r}] = ({program!r},)\n"
    )
    return {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "PYTEST_ADDOPTS": "-p known"}


def without_mosquitto(folder: Path) -> dict[str, str]:
    """Debian keeps mosquitto outside PATH."""
    return known_as(folder, "mosquitto", "mosquitto")


class TestNeeds:
    def test_skips_loudly_and_passes_the_rest(self, tmp_path: Path) -> None:
        done = run(tmp_path, **without_mosquitto(tmp_path))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "NOT TESTED" in done.stdout
        assert "1 tests skipped: NO BROWSER" in done.stdout
        assert "1 tests skipped: NO MOSQUITTO" in done.stdout
        assert "1 passed, 2 skipped" in done.stdout.splitlines()[-1]

    def test_refuses_to_start_when_the_program_is_required(self, tmp_path: Path) -> None:
        done = run(tmp_path, FIRSTFIX_REQUIRE="browser", **without_mosquitto(tmp_path))
        assert done.returncode == 4
        assert "NO BROWSER" in done.stderr

    def test_refuses_any_other_skip_where_something_is_required(self, tmp_path: Path) -> None:
        done = run(tmp_path, HIDDEN, **known_as(tmp_path, "browser", sys.executable))
        assert done.returncode == 0, done.stdout + done.stderr
        required = known_as(tmp_path, "browser", sys.executable) | {"FIRSTFIX_REQUIRE": "browser"}
        done = run(tmp_path, HIDDEN, **required)
        assert done.returncode == 1
        assert "nothing else may be skipped" in done.stdout
