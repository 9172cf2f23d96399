"""A solver process that dies, hangs, grows or talks nonsense costs one refusal, never a worker."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.scheduling import solver
from dispatch.scheduling.solver import SolverPool
from kernel.errors import Unavailable
from optimizer.check import check
from tests.factories.optimizer import make_job, make_problem

READY = "import sys,time,json\nout=sys.stdout.buffer\n"
READY += "def say(b): out.write(len(b).to_bytes(4,'big')+b); out.flush()\n"
READY += 'say(b\'{"kind":"ready"}\')\n'
HEAR = "sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4),'big'))"


def scripted(*lines: str) -> tuple[str, ...]:
    """A command that says it is ready and then does as the lines say."""
    return (sys.executable, "-c", READY + "\n".join(lines))


def child_pids() -> set[int]:
    mine = str(os.getpid())
    stats = (read_stat(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return {int(pid) for pid, state, parent in stats if parent == mine and state != "Z"}


def read_stat(pid: str) -> tuple[str, str, str]:
    """(pid, state, parent); a process that is gone counts as a zombie."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return pid, "Z", ""
    return pid, state, parent


@pytest.fixture
def pool() -> Iterator[SolverPool]:
    made = SolverPool()
    yield made
    made.stop()


def assert_plans(pool: SolverPool, seconds: float = 0.1) -> None:
    problem = make_problem()
    plan = pool.solve(problem, limit_seconds=seconds, seed=1)
    assert check(problem, plan) == []
    assert plan.seats("boiler")


class TestSolve:
    def test_gives_a_plan_from_another_process(self, pool: SolverPool) -> None:
        assert_plans(pool)

    def test_keeps_its_process(self, pool: SolverPool) -> None:
        assert_plans(pool)
        before = child_pids()
        assert_plans(pool)
        assert child_pids() == before

    def test_goes_on_after_kill_9(self, pool: SolverPool) -> None:
        before = child_pids()
        assert_plans(pool)
        for pid in child_pids() - before:
            os.kill(pid, signal.SIGKILL)
            wait_for_end(pid)
        for _ in range(2):
            assert_plans(pool)

    def test_refuses_when_killed_while_solving(self, pool: SolverPool) -> None:
        before = child_pids()
        assert_plans(pool)
        (pid,) = child_pids() - before
        killer = threading.Timer(0.5, os.kill, (pid, signal.SIGKILL))
        killer.start()
        with pytest.raises(Unavailable):
            pool.solve(make_problem(), limit_seconds=20, seed=1)
        killer.join()
        assert_plans(pool)

    def test_serves_threads_in_turn(self, pool: SolverPool) -> None:
        threads = [threading.Thread(target=assert_plans, args=(pool,)) for _ in range(4)]
        before = child_pids()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(child_pids() - before) == 1

    def test_refuses_what_the_optimizer_cannot_read(self) -> None:
        refuses = 'say(b\'{"kind":"error","sentence":"no"}\')'
        pool = SolverPool(command=scripted(HEAR, refuses))
        with pytest.raises(Unavailable, match="refused"):
            pool.solve(make_problem(), limit_seconds=20, seed=1)
        pool.stop()


class TestBrokenProcesses:
    def assert_refused(self, *lines: str, **over: int) -> None:
        pool = SolverPool(command=scripted(*lines), wall_extra_seconds=1, **over)
        before = child_pids()
        began = time.monotonic()
        with pytest.raises(Unavailable):
            pool.solve(make_problem(jobs=[make_job()]), limit_seconds=0.2, seed=1)
        assert time.monotonic() - began < 40
        assert child_pids() <= before

    def test_kills_one_that_hangs(self) -> None:
        self.assert_refused("time.sleep(60)")

    def test_kills_one_that_answers_garbage(self) -> None:
        self.assert_refused("out.write(b'garbage' * 100); out.flush(); time.sleep(60)")

    def test_kills_one_that_answers_no_object(self) -> None:
        self.assert_refused("say(b'[1,2]'); time.sleep(60)")

    def test_kills_one_that_breaks_off(self) -> None:
        self.assert_refused("out.write((99).to_bytes(4,'big')+b'{'); out.flush()")

    def test_kills_one_that_grows(self) -> None:
        self.assert_refused(
            "x = bytearray(300_000_000); time.sleep(60)", most_resident_bytes=200_000_000
        )

    def test_refuses_when_none_can_be_started(self) -> None:
        pool = SolverPool(command=("/nowhere/at/all",))
        with pytest.raises(Unavailable):
            pool.solve(make_problem(), limit_seconds=0.1, seed=1)


class TestParent:
    def test_leaves_no_process_behind(self, tmp_path: Path) -> None:
        """The parent is killed, so it cannot tidy up."""
        script = tmp_path / "parent.py"
        script.write_text(
            "import os\n"
            "from dispatch.scheduling.solver import SolverPool, _start, COMMAND, SolverProcess\n"
            "child = SolverProcess(COMMAND, 2 * 1024**3)\n"
            "print(child.pid, flush=True)\n"
            "os.kill(os.getpid(), 9)\n"
        )
        root = Path(solver.__file__).parents[2]
        made = subprocess.run(
            [sys.executable, str(script)],
            capture_output=True,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        pid = int(made.stdout)
        wait_for_end(pid)


def wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 40
    while is_running(pid):
        assert time.monotonic() < deadline
        os.sched_yield()


def is_running(pid: int) -> bool:
    return read_stat(str(pid))[1] != "Z"


class TestSwitch:
    def test_refuses_when_switched_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        off = solver.settings().model_copy(update={"optimizer_enabled": False})
        monkeypatch.setattr(solver, "settings", lambda: off)
        with pytest.raises(Unavailable, match="switched off") as refusal:
            solver.solve(make_problem(), limit_seconds=1, seed=1)
        assert refusal.value.code == "optimizer_off"
