"""What is compiled is as fresh as all the sources it was made of."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import optimizer

KERNEL = """
import optimizer.annealing.tables as t
from optimizer.annealing.compiled import compiled

@compiled
def one_more_than_columns(x):
    return x + t.JOB_COLUMNS
"""
ASKED = "from optimizer.annealing.kernel import one_more_than_columns as f; print(f(1))"


def _answer(folder: Path) -> int:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    environment.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    return int(done.stdout)


def test_a_constant_of_another_file_is_never_stale(tmp_path: Path) -> None:
    without_caches = shutil.ignore_patterns("__pycache__")
    copy = tmp_path / "optimizer"
    shutil.copytree(Path(optimizer.__file__).parent, copy, ignore=without_caches)
    (copy / "annealing" / "kernel.py").write_text(KERNEL)
    tables = copy / "annealing" / "tables.py"
    columns = _answer(tmp_path) - 1
    assert list((copy / "annealing" / "__pycache__").glob("kernel.*.nbi"))

    text = tables.read_text()
    assert f"JOB_COLUMNS = {columns}" in text
    tables.write_text(text.replace(f"JOB_COLUMNS = {columns}", f"JOB_COLUMNS = {columns + 1}"))

    assert _answer(tmp_path) == columns + 2
