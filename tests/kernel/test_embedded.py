"""The embedded servers against real kills: of a server, of its supervisor, of an initdb."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import psutil
import psycopg
import pytest
import redis

from kernel.embedded import Embedded, EmbeddedError, start

SUPERVISOR = """
import sys, signal
from pathlib import Path
from kernel.embedded import start
print(*start(Path(sys.argv[1])).pids.values(), flush=True)
signal.pause()
"""


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    running = start(tmp_path_factory.mktemp("embedded"))
    yield running
    running.stop()


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def value(url: str, query: str) -> object:
    with connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def kill_and_wait(pid: int) -> None:
    process = psutil.Process(pid)
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs([process], timeout=10)


def end_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run after a while; a zombie no longer runs."""
    _, alive = psutil.wait_procs(processes, timeout=0)
    for process in alive:
        try:
            with_zombie = process.status() == psutil.STATUS_ZOMBIE
            if not with_zombie:
                process.wait(10)
        except (psutil.NoSuchProcess, psutil.TimeoutExpired):
            continue
    return [p for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


class TestStart:
    def test_runs_postgresql_18_with_what_the_schema_needs(self, embedded: Embedded) -> None:
        assert int(str(value(embedded.database_url, "SHOW server_version_num"))) >= 180000
        assert value(embedded.database_url, "SHOW max_connections") == "200"
        assert value(embedded.database_url, "SHOW synchronous_commit") == "on"
        assert value(embedded.database_url, "SHOW timezone") == "UTC"
        with connect(embedded.database_url) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")

    def test_listens_on_the_loopback_interface_only(self, embedded: Embedded) -> None:
        for pid in embedded.pids.values():
            listening = [
                connection.laddr.ip
                for connection in psutil.Process(pid).net_connections("inet")
                if connection.status == psutil.CONN_LISTEN
            ]
            assert set(listening) == {"127.0.0.1"}

    def test_refuses_clients_without_the_password(self, embedded: Embedded) -> None:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(_without_password(embedded.database_url))
        port = int(embedded.broker_url.rpartition(":")[2].partition("/")[0])
        with (
            redis.Redis(port=port) as client,
            pytest.raises(redis.exceptions.AuthenticationError),
        ):
            client.ping()

    def test_runs_a_broker_that_keeps_an_append_only_file(self, embedded: Embedded) -> None:
        with redis.Redis.from_url(embedded.broker_url, decode_responses=True) as client:
            assert client.config_get("appendonly") == {"appendonly": "yes"}

    def test_runs_an_mqtt_broker(self, embedded: Embedded) -> None:
        arrived = threading.Event()
        client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="probe")
        client.on_connect = lambda *_: client.subscribe("devices/1/readings", qos=1)
        client.on_subscribe = lambda *_: client.publish("devices/1/readings", b"{}", qos=1)
        client.on_message = lambda *_: arrived.set()
        client.connect("127.0.0.1", int(embedded.mqtt_url.rpartition(":")[2]))
        client.loop_start()
        try:
            assert arrived.wait(10)
        finally:
            client.loop_stop()
            client.disconnect()

    def test_refuses_a_folder_that_is_in_use(self, embedded: Embedded, tmp_path: Path) -> None:
        first = start(tmp_path, postgres=False, mqtt=False)
        try:
            with pytest.raises(EmbeddedError, match="Another process"):
                start(tmp_path, postgres=False, mqtt=False)
        finally:
            first.stop()

    def test_starts_only_what_is_asked_for(self, tmp_path: Path) -> None:
        embedded = start(tmp_path, postgres=False, broker=False)
        try:
            assert list(embedded.pids) == ["mqtt"]
            with pytest.raises(EmbeddedError, match="not asked for"):
                _ = embedded.database_url
        finally:
            embedded.stop()

    def test_outlives_the_thread_that_started_it(self, tmp_path: Path) -> None:
        started: list[Embedded] = []
        thread = threading.Thread(
            target=lambda: started.append(start(tmp_path, postgres=False, mqtt=False))
        )
        thread.start()
        thread.join()
        try:
            with redis.Redis.from_url(started[0].broker_url) as client:
                assert client.ping()
        finally:
            started[0].stop()

    def test_recovers_from_an_interrupted_first_use(self, tmp_path: Path) -> None:
        (tmp_path / "postgres.new").mkdir()
        (tmp_path / "postgres.new" / "half").write_text("written")
        embedded = start(tmp_path, broker=False, mqtt=False, durable=False)
        try:
            assert value(embedded.database_url, "SHOW fsync") == "off"
        finally:
            embedded.stop()

    def test_ignores_a_pid_file_whose_number_belongs_to_another_program(
        self, tmp_path: Path
    ) -> None:
        start(tmp_path, broker=False, mqtt=False).stop()
        (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
        embedded = start(tmp_path, broker=False, mqtt=False)
        try:
            assert value(embedded.database_url, "SELECT 1") == 1
        finally:
            embedded.stop()


class TestUrlFor:
    def test_names_another_database_on_the_same_server(self, embedded: Embedded) -> None:
        assert value(embedded.url_for("postgres"), "SELECT current_database()") == "postgres"
        assert value(embedded.database_url, "SELECT current_database()") == "firstfix"


class TestRevive:
    def test_does_nothing_while_all_run(self, embedded: Embedded) -> None:
        assert embedded.revive() == []

    def test_brings_postgresql_back_with_what_was_committed(self, embedded: Embedded) -> None:
        address = embedded.database_url
        with connect(address) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        kill_and_wait(embedded.pids["postgres"])
        assert embedded.revive() == ["postgres"]
        assert embedded.database_url == address
        assert value(address, "SELECT answer FROM kept") == 42

    def test_brings_the_brokers_back(self, embedded: Embedded) -> None:
        for name in ("valkey", "mqtt"):
            kill_and_wait(embedded.pids[name])
        assert embedded.revive() == ["valkey", "mqtt"]
        with redis.Redis.from_url(embedded.broker_url) as client:
            assert client.ping()


class TestStop:
    def test_leaves_nothing_running_and_keeps_the_data(self, tmp_path: Path) -> None:
        embedded = start(tmp_path)
        processes = [psutil.Process(pid) for pid in embedded.pids.values()]
        with connect(embedded.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS answer")
        embedded.stop()
        assert end_of(processes) == []
        again = start(tmp_path)
        try:
            assert value(again.database_url, "SELECT answer FROM kept") == 7
        finally:
            again.stop()


class TestDeathOfTheSupervisor:
    def test_takes_every_server_along(self, tmp_path: Path) -> None:
        supervisor = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert supervisor.stdout is not None
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        processes = [psutil.Process(pid) for pid in pids]
        processes += [child for process in processes for child in process.children(recursive=True)]
        assert len(processes) > 5
        supervisor.kill()
        supervisor.wait()
        supervisor.stdout.close()
        assert end_of(processes) == []
        again = start(tmp_path)
        again.stop()


def _without_password(url: str) -> str:
    scheme, _, rest = url.replace("+psycopg", "").partition("://")
    return f"{scheme}://firstfix@{rest.partition('@')[2]}"
