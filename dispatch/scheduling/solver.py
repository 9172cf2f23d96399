"""Solver processes: started once, fed over pipes, watched and replaced when they go wrong."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

import optimizer
from kernel.errors import Unavailable
from kernel.log import get_logger
from kernel.settings import settings
from optimizer.codec import dumps, plan_from_json, plan_to_json, problem_to_json
from optimizer.plan import Plan
from optimizer.problem import Problem

log = get_logger(__name__)

START_SECONDS = 240.0
"""Loading takes seconds; compiling the search once, where `firstfix warm` was not run, a minute."""
WALL_EXTRA_SECONDS = 2.0
SEARCH_SECONDS = 120.0
"""For a search that counts iterations: what nobody waits for may take so long."""
MOST_RESIDENT_BYTES = 2 * 1024**3
LOOK_SECONDS = 0.1
COMMAND = (sys.executable, "-m", "optimizer.serve")


class Broken(Exception):
    """The solver process died, hung, grew too large or spoke nonsense."""


# Linux ties a child to the thread that started it: this one lives as long as the process.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="solver-starter")


class SolverProcess:
    """One child. Not for two threads at once; `stop` is final."""

    def __init__(self, command: Sequence[str], most_resident_bytes: int) -> None:
        self._most_resident_bytes = most_resident_bytes
        self._child = _starter.submit(_start, command).result()
        try:
            if self._receive(time.monotonic() + START_SECONDS).get("kind") != "ready":
                raise Broken("It did not say that it is ready.")
        except Broken:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        return self._child.pid

    def is_alive(self) -> bool:
        """A killed process with several threads has no memory before it can be waited for."""
        return self._child.poll() is None and _resident_bytes(self._child.pid) > 0

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The reply, within so many seconds. Raises Broken; then the process must be stopped."""
        deadline = time.monotonic() + seconds
        body = dumps(message)
        self._send(len(body).to_bytes(4, "big") + body, deadline)
        return self._receive(deadline)

    def stop(self) -> None:
        """Kills the child and waits for it."""
        self._child.kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]  # both are pipes

    def _send(self, data: bytes, deadline: float) -> None:
        descriptor = self._child.stdin.fileno()  # type: ignore[union-attr]  # a pipe
        view = memoryview(data)
        while view:
            _, writable, _ = select.select([], [descriptor], [], self._until_look(deadline))
            if writable:
                try:
                    view = view[os.write(descriptor, view) :]
                except OSError as error:
                    raise Broken("It went away while it was asked.") from error

    def _receive(self, deadline: float) -> dict[str, Any]:
        size = int.from_bytes(self._read(4, deadline), "big")
        if size > self._most_resident_bytes:
            raise Broken("It spoke nonsense.")
        try:
            message = json.loads(self._read(size, deadline))
        except ValueError as error:
            raise Broken("It spoke nonsense.") from error
        if not isinstance(message, dict):
            raise Broken("It spoke nonsense.")
        return message

    def _read(self, size: int, deadline: float) -> bytes:
        descriptor = self._child.stdout.fileno()  # type: ignore[union-attr]  # a pipe
        parts = bytearray()
        while len(parts) < size:
            readable, _, _ = select.select([descriptor], [], [], self._until_look(deadline))
            if readable:
                part = os.read(descriptor, min(size - len(parts), 1 << 20))
                if not part:
                    raise Broken("It went away.")
                parts += part
        return bytes(parts)

    def _until_look(self, deadline: float) -> float:
        """Seconds to wait before looking again. Raises Broken past the deadline or the size."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise Broken("It overran its time.")
        if _resident_bytes(self._child.pid) > self._most_resident_bytes:
            raise Broken("It took too much memory.")
        return min(left, LOOK_SECONDS)


class SolverPool:
    """At most `size` solver processes, started when needed; callers beyond that wait their turn."""

    def __init__(
        self,
        size: int = 1,
        *,
        command: Sequence[str] = COMMAND,
        most_resident_bytes: int = MOST_RESIDENT_BYTES,
        wall_extra_seconds: float = WALL_EXTRA_SECONDS,
    ) -> None:
        self._command, self._most_resident_bytes = command, most_resident_bytes
        self._wall_extra_seconds = wall_extra_seconds
        self._turns = threading.BoundedSemaphore(size)
        self._idle: LifoQueue[SolverProcess] = LifoQueue()

    def solve(
        self, problem: Problem, *, limit_seconds: float, seed: int, previous: Plan | None = None
    ) -> Plan:
        """A plan within `limit_seconds` and 2 more. Raises Unavailable when there is none."""
        message = {
            "kind": "solve",
            "problem": problem_to_json(problem),
            "seconds": limit_seconds,
            "seed": seed,
            "previous": None if previous is None else plan_to_json(previous),
        }
        return self._plan(message, limit_seconds + self._wall_extra_seconds)

    def search(
        self, problem: Problem, *, iterations: int, seed: int, previous: Plan | None = None
    ) -> Plan:
        """The plan after so many iterations of one chain: the same each time.

        Raises Unavailable.
        """
        message = {
            "kind": "solve",
            "problem": problem_to_json(problem),
            "iterations": iterations,
            "chains": 1,
            "seed": seed,
            "previous": None if previous is None else plan_to_json(previous),
        }
        return self._plan(message, SEARCH_SECONDS)

    def _plan(self, message: dict[str, Any], seconds: float) -> Plan:
        with self._turns:
            reply = self._ask(message, seconds)
        if reply.get("kind") != "plan":
            sentence = str(reply.get("sentence", "It gave no plan."))
            raise Unavailable("The optimizer refused the problem.", detail=sentence)
        try:
            return plan_from_json(reply["plan"])
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable("The optimizer gave no readable plan.") from error

    def _ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        process: SolverProcess | None = None
        try:
            process = self._take()
            reply = process.ask(message, seconds)
        except (Broken, OSError) as error:
            log.warning("solver_replaced", why=str(error))
            if process is not None:
                process.stop()
            raise Unavailable("The optimizer did not answer.", why=str(error)) from error
        except BaseException:
            if process is not None:
                process.stop()
            raise
        self._idle.put(process)
        return reply

    def _take(self) -> SolverProcess:
        """An idle process that is alive, or a new one."""
        while True:
            try:
                process = self._idle.get_nowait()
            except Empty:
                return SolverProcess(self._command, self._most_resident_bytes)
            if process.is_alive():
                return process
            process.stop()

    def stop(self) -> None:
        """Stops every idle process; the pool can be used again."""
        with contextlib.suppress(Empty):
            while True:
                self._idle.get_nowait().stop()


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    root = str(Path(optimizer.__file__).parent.parent)
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    child = subprocess.Popen(
        [*command, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )
    os.set_blocking(child.stdin.fileno(), False)  # type: ignore[union-attr]  # a pipe
    return child


def _resident_bytes(pid: int) -> int:
    """0 where it cannot be read."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


_pool_lock = threading.Lock()
_pool: SolverPool | None = None


def pool() -> SolverPool:
    """This process's pool, made at the first call (so after a worker has forked)."""
    global _pool
    with _pool_lock:
        if _pool is None:
            _pool = SolverPool()
        return _pool


def solve(
    problem: Problem, *, limit_seconds: float, seed: int, previous: Plan | None = None
) -> Plan:
    """A plan from this process's pool. Raises Unavailable, also when the optimizer is off."""
    if not settings().optimizer_enabled:
        raise Unavailable("The optimizer is switched off. Plan by hand.", code="optimizer_off")
    return pool().solve(problem, limit_seconds=limit_seconds, seed=seed, previous=previous)


def search(problem: Problem, *, iterations: int, seed: int, previous: Plan | None = None) -> Plan:
    """`SolverPool.search` of this process's pool. Raises Unavailable."""
    return pool().search(problem, iterations=iterations, seed=seed, previous=previous)


def warm() -> None:
    """Compile the search, however long it takes; solver processes then load it."""
    subprocess.run(COMMAND, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
