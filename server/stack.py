"""The whole product on one machine: embedded servers, our processes, and their watch."""

import errno
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from kernel import db, embedded
from kernel.embedded import Embedded
from kernel.embedded_servers import free_port
from kernel.errors import StartError
from kernel.settings import settings
from server import migrate

READY_SECONDS = 60.0

PROCESSES: dict[str, list[str]] = {
    "api": ["serve", "--port", "{port}", "--processes", "1"],
    "relay": ["relay"],
    "worker": ["worker", "--queues", "critical,default", "--concurrency", "2"],
    "planner": ["worker", "--queues", "planning", "--concurrency", "1"],
    "trainer": ["worker", "--queues", "training", "--concurrency", "1"],
    "ingest": ["ingest"],
}
"""Our processes and their commands; the same commands run in the containers."""


class StackError(StartError):
    """The product could not be started on this machine."""


@dataclass
class Stack:
    """The running product of one data folder."""

    embedded: Embedded
    port: int
    logs: Path
    environment: dict[str, str]
    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def launch(self, name: str) -> None:
        words = [word.format(port=self.port) for word in PROCESSES[name]]
        with (self.logs / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                [
                    "setpriv",
                    "--pdeathsig",
                    "KILL",
                    "--",
                    sys.executable,
                    "-P",
                    "-m",
                    "server.cli",
                    *words,
                ],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def revive(self) -> list[str]:
        """Start again what has died; the names."""
        dead = [name for name, child in self.children.items() if child.poll() is not None]
        for name in dead:
            self.launch(name)
        return self.embedded.revive() + dead

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            for name, child in self.children.items():
                if child.poll() is not None:
                    raise StackError(f"{name} ended at once; see {self.logs / f'{name}.log'}")
            try:
                if httpx.get(f"{self.url}/ready", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise StackError(f"the API did not answer in {READY_SECONDS:.0f} s; see {self.logs}")

    def stop(self) -> None:
        for child in self.children.values():
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + 5
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(child, signal.SIGKILL)
                child.wait()
        self.embedded.stop()


def _signal_group(child: "subprocess.Popen[bytes]", what: signal.Signals) -> None:
    try:
        os.killpg(child.pid, what)
    except ProcessLookupError:
        return


@contextmanager
def running(
    data_dir: Path, *, port: int = 0, fresh: bool = False, **overrides: str
) -> Iterator[Stack]:
    """Start everything, migrate, wait until it answers; stop it all at the end.

    `fresh` forgets the data of the last time, once it is sure that nobody uses them.
    `overrides` are environment variables of our processes.
    """
    servers = _start(data_dir, port, fresh=fresh)
    port = port or free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": servers.database_url,
        "BROKER_URL": servers.broker_url,
        "MQTT_URL": servers.mqtt_url,
        "FIRSTFIX_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "FIRSTFIX_SECRET_KEY": _secret(data_dir),
        **overrides,
    }
    os.environ.update(environment)
    settings.cache_clear()
    db.forget_engines(close=True)
    stack = Stack(servers, port, data_dir, environment)
    try:
        migrate.upgrade()
        for name in PROCESSES:
            stack.launch(name)
        stack.wait_until_ready()
        yield stack
    finally:
        db.forget_engines(close=True)
        stack.stop()


def _start(data_dir: Path, port: int, *, fresh: bool) -> Embedded:
    """The servers of the folder; whatever speaks against it is said before anything is changed."""
    if fresh and _is_foreign(data_dir):
        raise StackError(f"{data_dir} holds other things than our data; give another --data-dir.")
    lock = embedded.hold(data_dir)
    try:
        if port:
            _check_free(port)
        if fresh:
            embedded.empty(data_dir)
    except BaseException:
        lock.close()
        raise
    return embedded.start(data_dir, lock=lock)


def _is_foreign(data_dir: Path) -> bool:
    return data_dir.is_dir() and any(data_dir.iterdir()) and not (data_dir / embedded.LOCK).exists()


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = (
                "is in use by another program" if error.errno == errno.EADDRINUSE else "is refused"
            )
            raise StackError(f"Port {port} {why}; give another with --port.") from None


def _secret(data_dir: Path) -> str:
    path = data_dir / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()
