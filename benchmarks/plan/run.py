"""One solver on one instance: a process of its own on one core, with a hard end."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.plan import files
from benchmarks.plan.instance import Instance
from benchmarks.plan.peers import MODULES, python_of

LIBC = ctypes.CDLL(None)
ROOT = Path(__file__).resolve().parents[2]
WARM_UP_SECONDS = 600.0
"""For imports, compiling and building the model; not counted."""
GRACE_SECONDS = 30.0
PEERS_GRACE_SECONDS = 120.0
"""Behind the limit, until the process is ended; VROOM looks at the clock only after its start
routes, which takes it long at 1,000 jobs. What each run took is in the result."""
POLL_SECONDS = 0.02
PR_SET_PDEATHSIG = 1
THREADS = "OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS NUMBA_NUM_THREADS".split()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back; `failure` says why nothing did."""

    orders: list[list[int]] = field(default_factory=list)
    reported: float | None = None
    plan: dict[str, Any] | None = None
    wall_s: float = 0.0
    cpu_s: float = 0.0
    failure: str = ""


def core() -> int:
    """The one core that every solver gets: the last that this process may use."""
    return max(os.sched_getaffinity(0))


def run(
    solver: str, instance: Instance, seconds: float, seed: int, reference: str | None = None
) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="bench-plan") as name:
        folder = Path(name)
        files.write(instance, folder / "instance.json")
        task = {"seconds": seconds, "seed": seed, "reference": reference}
        (folder / "task.json").write_text(json.dumps(task))
        grace = PEERS_GRACE_SECONDS if solver in MODULES else GRACE_SECONDS
        failure = _watch(_start(solver, folder), folder, seconds + grace)
        answer = folder / "answer.json"
        if not answer.exists():
            return Outcome(failure=failure or _last_line(folder))
        value = json.loads(answer.read_text())
        return Outcome(
            value["orders"], value["reported"], value["plan"], value["wall_s"], value["cpu_s"]
        )


def _start(solver: str, folder: Path) -> subprocess.Popen[bytes]:
    pinned = core()
    environment = {
        **os.environ,
        **dict.fromkeys(THREADS, "1"),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    if solver == "reference":
        environment["NUMBA_CACHE_DIR"] = str(ROOT / ".dev" / "reference")
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [str(python_of(solver)), "-m", f"benchmarks.plan.solvers.{solver}", str(folder)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=lambda: _tie(pinned),
        )


def _tie(pinned: int) -> None:
    """To one core, and to the life of the process that started it."""
    os.sched_setaffinity(0, {pinned})
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _watch(process: subprocess.Popen[bytes], folder: Path, seconds: float) -> str:
    """Waits so long for the end of the process once it is warm, or ends it; says why."""
    ready = folder / "ready"
    try:
        if not _wait(process, WARM_UP_SECONDS, ready):
            return "not warm in time"
        if not _wait(process, seconds):
            return "no answer in time"
        return ""
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(process: subprocess.Popen[bytes], seconds: float, sign: Path | None = None) -> bool:
    """Until the process has ended or the sign is there; False when neither comes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None or (sign is not None and sign.exists()):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _last_line(folder: Path) -> str:
    lines = (folder / "log").read_text(errors="replace").strip().splitlines()
    return f"failed: {lines[-1]}" if lines else "failed without a word"


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        os.uname().machine,
    )
    cores = os.cpu_count()
    return f"{model}, {cores} cores (one per solver), Python {sys.version.split()[0]}"
