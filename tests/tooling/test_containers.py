"""Every container's exact command, run here against local servers until it is healthy."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import paho.mqtt.client as paho
import pytest
from sqlalchemy.engine import make_url

from iot_ingest.devices.topics import ack_topic, readings_topic
from kernel import db
from kernel.embedded import Embedded, start
from kernel.embedded_servers import free_port
from kernel.settings import settings
from server import registry
from tests.factories import iot_ingest as devices
from tests.tooling import compose, mosquitto

pytestmark = pytest.mark.mosquitto
PATIENCE_SECONDS = 300.0  # a bound for overloaded machines; 10 s is usual
FIRSTFIX = str(Path(sys.executable).with_name("firstfix"))


@dataclass
class Host:
    """The containers' commands on this machine: only addresses and folders are changed."""

    folder: Path
    mqtt_port: int
    environment: dict[str, str]
    changed: dict[str, str]
    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def services(self) -> compose.Services:
        given = {
            **self.environment,
            "FIRSTFIX_ENVIRONMENT": "development",  # production refuses the inbox
            "FIRSTFIX_SECRET_KEY": "s" * 48,
            "FIRSTFIX_PUBLIC_URL": "https://service.example.org",
        }
        return compose.ours(given)

    def local(self, text: str) -> str:
        for there, here in self.changed.items():
            text = text.replace(there, here)
        return text

    def environment_of(self, service: dict[str, Any]) -> dict[str, str]:
        own = {name: self.local(value) for name, value in service["environment"].items()}
        return {**os.environ, **own}

    def command(self, words: list[str]) -> list[str]:
        return [FIRSTFIX, *map(self.local, words)]

    def start(self, name: str) -> "subprocess.Popen[bytes]":
        service = self.services[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *self.command(service["command"])],
                env=self.environment_of(service),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        return self.children[name]

    def is_healthy(self, name: str) -> bool:
        service = self.services[name]
        test = service["healthcheck"]["test"]
        words = self.command(test[2:]) if test[1] == "firstfix" else list(map(self.local, test[1:]))
        done = subprocess.run(words, env=self.environment_of(service), capture_output=True)
        return done.returncode == 0

    def becomes_healthy(self, name: str) -> bool:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self.children[name].poll() is None:
            if self.is_healthy(name):
                return True
        return False

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        for child in self.children.values():
            child.terminate()
        for child in self.children.values():
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    running = start(tmp_path / "servers", mqtt=False)
    yield running
    running.stop()


@pytest.fixture
def host(embedded: Embedded, tmp_path: Path) -> Iterator[Host]:
    folder = tmp_path / "host"
    folder.mkdir()
    database, broker = make_url(embedded.database_url), make_url(embedded.broker_url)
    with mosquitto.running(folder) as mqtt:
        made = Host(
            folder,
            mqtt.device_port,
            {
                "POSTGRES_PASSWORD": str(database.password),
                "VALKEY_PASSWORD": str(broker.password),
                "MQTT_PASSWORD": "reader",
                "API_PROCESSES": "2",
            },
            {
                "@postgres:5432": f"@127.0.0.1:{database.port}",
                "@valkey:6379": f"@127.0.0.1:{broker.port}",
                "@mosquitto:1883": f"@127.0.0.1:{mqtt.port}",
                "/mosquitto/logins": str(mqtt.logins.parent),
                "8000": str(free_port()),
                "9100": str(free_port()),
            },
        )
        yield made
        made.stop()


@pytest.fixture
def running(host: Host) -> Host:
    assert host.start("migrate").wait(PATIENCE_SECONDS) == 0, host.log("migrate")
    del host.children["migrate"]
    for name in host.services:
        if name != "migrate":
            host.start(name)
    return host


@pytest.fixture
def device(running: Host) -> Iterator[tuple[str, str]]:
    """A registered device and its token, in the containers' database."""
    before = os.environ.get("DATABASE_URL", "")
    os.environ["DATABASE_URL"] = running.environment_of(running.services["api"])["DATABASE_URL"]
    settings.cache_clear()
    db.forget_engines(close=True)
    registry.load()
    try:
        with db.transaction("test") as session:
            made, token = devices.make_device_with_token(session)
            identity = str(made.id)
        yield identity, token
    finally:
        os.environ["DATABASE_URL"] = before
        settings.cache_clear()
        db.forget_engines(close=True)


def acknowledgement(port: int, device: str, token: str) -> dict[str, Any] | None:
    """What comes back to a device for one reading, sent again whenever it connects."""
    received: list[dict[str, Any]] = []
    arrived = threading.Event()
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=device)
    client.username_pw_set(device, token)
    client.reconnect_delay_set(1, 1)
    reading = {"metric": "temperature", "value": 21.5}
    message = json.dumps({"boot_id": "b1", "seq": 0, "readings": [reading]})

    def take(_client: object, _data: object, answer: paho.MQTTMessage) -> None:
        received.append(json.loads(answer.payload))
        arrived.set()

    client.on_message = take
    client.on_connect = lambda *_: client.subscribe(ack_topic(UUID(device)), qos=1)
    client.on_subscribe = lambda *_: client.publish(readings_topic(UUID(device)), message, qos=1)
    client.connect_async("127.0.0.1", port)
    client.loop_start()
    try:
        return received[0] if arrived.wait(PATIENCE_SECONDS) else None
    finally:
        client.disconnect()
        client.loop_stop()


class TestContainers:
    def test_become_healthy_take_a_reading_and_end_when_told_to(
        self, running: Host, device: tuple[str, str]
    ) -> None:
        for name in running.children:
            assert running.becomes_healthy(name), f"{name}: {running.log(name)}"
        answer = acknowledgement(running.mqtt_port, *device)
        assert answer is not None, running.log("ingest")
        assert answer["seq"] == 0
        for child in running.children.values():
            child.send_signal(signal.SIGTERM)
        for name, child in running.children.items():
            assert child.wait(PATIENCE_SECONDS) in (0, -signal.SIGTERM), running.log(name)
