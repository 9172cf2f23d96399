"""Real PostgreSQL, Valkey and MQTT broker from wheels, as children that die with us."""

import fcntl
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from kernel.embedded_servers import EmbeddedError, MqttBroker, Postgres, Server, Valkey, free_port

__all__ = ["Embedded", "EmbeddedError", "empty", "hold", "start"]

ATTEMPTS = 4
LOCK = "lock"


class Embedded:
    """The running servers of one data folder."""

    def __init__(self, servers: list[Server], lock: IO[str]) -> None:
        self._servers = {server.name: server for server in servers}
        self._lock = lock
        self._changing = threading.Lock()
        # The kernel signals a child when the thread that started it ends, so one thread that
        # lives as long as we do starts them all.
        self._keeper = ThreadPoolExecutor(1, "embedded")

    @property
    def database_url(self) -> str:
        return self._server("postgres").url()

    @property
    def broker_url(self) -> str:
        return self._server("valkey").url()

    @property
    def mqtt_url(self) -> str:
        return self._server("mqtt").url()

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the servers that run, by name: postgres, valkey, mqtt."""
        return {
            name: server.process.pid
            for name, server in self._servers.items()
            if server.process is not None and server.is_alive
        }

    def url_for(self, database: str) -> str:
        """The address of another database on the same PostgreSQL."""
        server = self._server("postgres")
        return f"{server.url().rpartition('/')[0]}/{database}"

    def revive(self) -> list[str]:
        """Start every server that has died again, on its old port; their names.

        Raises EmbeddedError when one does not come back.
        """
        with self._changing:
            dead = [server for server in self._servers.values() if not server.is_alive]
            for server in dead:
                self._launch(server)
            return [server.name for server in dead]

    def stop(self) -> None:
        """End the servers in good order and let the folder go."""
        with self._changing:
            for server in reversed(self._servers.values()):
                server.stop()
            self._keeper.shutdown()
            self._lock.close()

    def _server(self, name: str) -> Server:
        if name not in self._servers:
            raise EmbeddedError(f"The embedded {name} was not asked for.")
        return self._servers[name]

    def _launch(self, server: Server) -> None:
        """Try more than once: another program may take the free port before the server does."""
        known_port = server.process is not None
        for _ in range(ATTEMPTS):
            if not known_port:
                server.port = free_port()
            server.prepare()
            self._keeper.submit(server.spawn).result()
            if server.becomes_ready():
                return
        tail = server.log.read_text(errors="replace")[-2000:]
        raise EmbeddedError(f"The embedded {server.name} does not start:\n{tail}")


def hold(data_dir: Path) -> IO[str]:
    """The lock of a data folder, until it is closed; nothing else in the folder is touched.

    Raises EmbeddedError when another process has it.
    """
    folder = data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / LOCK).open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise EmbeddedError(f"Another process already runs the servers in {folder}.") from None
    return lock


def empty(data_dir: Path) -> None:
    """Remove everything from a data folder whose lock the caller holds, but for the lock."""
    for path in data_dir.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def start(
    data_dir: Path,
    *,
    lock: IO[str] | None = None,
    postgres: bool = True,
    broker: bool = True,
    mqtt: bool = True,
    durable: bool = True,
) -> Embedded:
    """Start the servers asked for; their data lives in `data_dir` and survives.

    `lock` is what `hold` gave to a caller that had to look at the folder first.
    `durable=False` gives up safety against a power cut (never against a kill) for speed.
    Raises EmbeddedError when a wheel is missing, the folder is in use or a server fails.
    """
    folder = data_dir.resolve()
    lock = lock or hold(folder)
    servers: list[Server] = []
    if postgres:
        servers.append(Postgres(folder, durable))
    if broker:
        servers.append(Valkey(folder))
    if mqtt:
        servers.append(MqttBroker(folder))
    embedded = Embedded(servers, lock)
    try:
        embedded.revive()
    except BaseException:
        embedded.stop()
        raise
    return embedded
