"""Parts that train: they run in an environment of their own, into which the extra is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.predict.data import Data, NotRunError

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".dev" / "train"
LOCK = Path(__file__).with_name("train.lock")
SECONDS = 1800


def trained(module: str) -> Callable[[Data], tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The `measure` of that module of ours, called with the training libraries at hand."""

    def measure(data: Data) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        python = _install()
        command = [str(python), "-m", "benchmarks.predict.training", module]
        command += [str(data.development), str(data.judged)]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS
        )
        if done.returncode:
            raise NotRunError(_last_line(done.stderr))
        found = json.loads(done.stdout)
        if "not_run" in found:
            raise NotRunError(found["not_run"])
        return found["summary"], found["rows"]

    return measure


def _install() -> Path:
    """The interpreter of the environment, made on first use. Raises NotRunError."""
    python = VENV / "bin" / "python"
    uv = str(Path(sys.executable).with_name("uv"))
    asked = [str(python), "-c", "import lightgbm"]
    if python.exists() and subprocess.run(asked, capture_output=True, check=False).returncode == 0:
        return python
    print("installing what training needs ...", flush=True)
    pip = [uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r"]
    steps = [
        [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)],
        [*pip, str(LOCK)],
    ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False, timeout=SECONDS)
        if done.returncode:
            raise NotRunError(f"not installed: {_last_line(done.stderr)}")
    return python


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["failed"])[-1]


def _main() -> None:
    module, development, judged = sys.argv[1:]
    measure = __import__(f"benchmarks.predict.{module}", fromlist=["measure"]).measure
    try:
        summary, rows = measure(Data(Path(development), Path(judged)))
        print(json.dumps({"summary": summary, "rows": rows}))
    except NotRunError as why:
        print(json.dumps({"not_run": str(why)}))


if __name__ == "__main__":
    _main()
