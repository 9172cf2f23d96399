"""The broker between devices and ingest: the embedded one, or Mosquitto as we deploy it."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from iot_ingest.devices.tokens import make_token, mosquitto_hash
from kernel.embedded_servers import MqttBroker, Server, free_port

DEPLOY = Path(__file__).parents[2] / "deploy" / "mosquitto"
READY_SECONDS = 30.0


class Mosquitto(Server):
    """Mosquitto with the configuration and the access rules of the containers."""

    name = "mosquitto"

    def __init__(self, data_dir: Path, hashes: Sequence[tuple[str, str]]) -> None:
        super().__init__(data_dir)
        self._hashes = hashes
        self._secret = make_token()
        self.device_port = free_port()

    def prepare(self) -> None:
        super().prepare()
        (self.folder / "data").mkdir(exist_ok=True)
        own = ("ingest", mosquitto_hash(self._secret))
        passwords = self.folder / "passwords"
        passwords.write_text("".join(f"{user}:{key}\n" for user, key in [own, *self._hashes]))
        passwords.chmod(0o600)
        shutil.copy(DEPLOY / "acl", self.folder / "acl")
        (self.folder / "acl").chmod(0o600)
        text = (DEPLOY / "mosquitto.conf").read_text()
        for there, port in ((1883, self.port), (1884, self.device_port)):
            text = text.replace(f"listener {there}\n", f"listener {port} 127.0.0.1\n")
        for inside, here in (
            ("/mosquitto/logins/passwords", passwords),
            ("/mosquitto/config/acl", self.folder / "acl"),
            ("/mosquitto/data/", f"{self.folder}/data/"),
        ):
            text = text.replace(inside, str(here))
        # Started by root, Mosquitto would become a user who may not enter this folder.
        own_user = "user root\n" if os.geteuid() == 0 else ""
        (self.folder / "mosquitto.conf").write_text(f"{own_user}{text}")

    def command(self) -> list[str]:
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        return [program, "-c", str(self.folder / "mosquitto.conf")]

    def answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=2):
            return True

    def url(self) -> str:
        return f"mqtt://ingest:{self._secret}@127.0.0.1:{self.port}"


class Broker:
    """One of the brokers, which can be killed and comes back on its port."""

    def __init__(self, kind: str, folder: Path, hashes: Sequence[tuple[str, str]]) -> None:
        self.knows_devices = kind == "mosquitto"
        folder.mkdir(exist_ok=True)
        self._server: Server = (
            Mosquitto(folder, hashes) if self.knows_devices else MqttBroker(folder)
        )
        # The kernel signals a child when the thread that started it ends.
        self._keeper = ThreadPoolExecutor(1)
        self._server.port = free_port()
        self.start()

    @property
    def device_port(self) -> int:
        server = self._server
        return server.device_port if isinstance(server, Mosquitto) else server.port

    @property
    def url(self) -> str:
        return self._server.url()

    @property
    def pid(self) -> int:
        assert self._server.process is not None
        return self._server.process.pid

    def start(self) -> None:
        """Raises OSError when it does not come up."""
        self._server.prepare()
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            self._keeper.submit(self._server.spawn).result()
            if self._server.becomes_ready():
                return
        raise OSError(self._server.log.read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        if self._server.process is not None:
            self._server.process.kill()
            self._server.process.wait()

    def stop(self) -> None:
        self._server.stop()
        self._keeper.shutdown()
