"""firstfix logins: who may come in, in the files that Mosquitto reads."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit
from uuid import UUID

import typer

from iot_ingest.broker.takeover import take_over
from iot_ingest.certificates.ports import device_authority
from iot_ingest.certificates.queries import Barred, list_barred
from iot_ingest.devices.queries import list_broker_logins
from iot_ingest.devices.tokens import mosquitto_hash
from kernel import db, log
from kernel.clock import real_now
from kernel.settings import settings
from server import registry, wiring

SIGN_AGAIN_AFTER = timedelta(days=1)
TAKEOVERS = 4
"""Rounds: a device may come back before the broker has read the list, which takes it a second."""

logger = log.get_logger(__name__)


def run(
    file: Annotated[Path, typer.Option(help="Mosquitto's password_file; others go beside it")],
    every_seconds: Annotated[float, typer.Option(help="how often to look for changes")] = 2.0,
    once: Annotated[bool, typer.Option(help="write the files and end")] = False,
) -> None:
    """Keep the password file equal to the active devices and to the login in MQTT_URL, and with an
    authority also authority.pem and revoked.pem, closing connections of what was revoked."""
    log.configure(json=settings().log_json)
    registry.load()
    wiring.connect()
    door = Door(file, settings().mqtt_url)
    while True:
        door.update()
        if once:
            return
        door.close_connections()
        time.sleep(every_seconds)


class Door:
    """The files beside the broker, and the connections that must end."""

    def __init__(self, passwords: Path, mqtt_url: str) -> None:
        self._passwords, self._mqtt_url = passwords, mqtt_url
        address = urlsplit(mqtt_url)
        user, password = unquote(address.username or ""), unquote(address.password or "")
        self._own = f"{user}:{mosquitto_hash(password)}"
        self._listed: frozenset[str] | None = None
        self._signed_at = datetime.min.replace(tzinfo=UTC)
        self._barred: set[str] = set()
        self._takeovers: dict[UUID, int] = {}

    def update(self) -> None:
        with db.transaction() as session:
            devices = [f"{row.id}:{row.mqtt_hash}" for row in list_broker_logins(session)]
            barred = list_barred(session)
        self._list_revoked(barred)  # first: the broker starts when it sees the passwords
        replace(self._passwords, "\n".join([self._own, *devices]) + "\n")
        for each in barred:
            if each.serial not in self._barred:
                self._takeovers[each.device_id] = TAKEOVERS
        self._barred = {each.serial for each in barred}

    def _list_revoked(self, barred: list[Barred]) -> None:
        authority = device_authority()
        if authority is None:
            return
        now = real_now()
        revoked = {each.serial: each.since for each in barred if not each.is_over}
        if self._listed == revoked.keys() and now - self._signed_at < SIGN_AGAIN_AFTER:
            return
        folder = self._passwords.parent
        replace(folder / "authority.pem", authority.pem)
        replace(folder / "revoked.pem", authority.revocation_list(revoked.items(), now))
        self._listed, self._signed_at = frozenset(revoked), now

    def close_connections(self) -> None:
        for device_id, left in list(self._takeovers.items()):
            try:
                take_over(self._mqtt_url, str(device_id))
            except OSError as error:
                logger.warning("broker away", error=str(error))
                return
            if left > 1:
                self._takeovers[device_id] = left - 1
            else:
                del self._takeovers[device_id]


def replace(file: Path, text: str) -> None:
    """Write the file at once and for its owner only; leave an equal one alone."""
    if file.exists() and file.read_text() == text:
        return
    fresh = file.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as written:
        written.write(text)
    fresh.replace(file)
