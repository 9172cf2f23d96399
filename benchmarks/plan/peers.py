"""Which solvers there are, and the environment of their own in which peers are installed."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".dev" / "peers"
LOCK = Path(__file__).with_name("peers.lock")
IN_PRODUCT = ("ours", "ortools", "reference")
MODULES = {"vroom": "vroom", "pyvrp": "pyvrp", "nextroute": "nextroute"}
"""Peers by the module that has to be there."""
SOLVERS = (*IN_PRODUCT, *MODULES)
INSTALL_SECONDS = 900


def python_of(solver: str) -> Path:
    return Path(sys.executable) if solver in IN_PRODUCT else VENV / "bin" / "python"


@cache
def is_installed(solver: str) -> bool:
    if solver in IN_PRODUCT:
        return True
    python = python_of(solver)
    if not python.exists():
        return False
    asked = [str(python), "-c", f"import {MODULES[solver]}"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def install() -> str:
    """Installs the locked peers into their environment; the reason when that failed."""
    uv = str(Path(sys.executable).with_name("uv"))
    pip = [uv, "pip", "install", "--quiet", "--python", str(VENV / "bin" / "python")]
    steps = [
        [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)],
        [*pip, "--require-hashes", "-r", str(LOCK)],
    ]
    for step in steps:
        try:
            done = subprocess.run(
                step, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as failed:
            return str(failed)
        if done.returncode:
            return done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "uv failed"
    is_installed.cache_clear()
    return ""
