"""firstfix logins: the devices' logins in the file that Mosquitto reads."""

import os
import time
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

import typer

from iot_ingest.devices.queries import list_broker_logins
from iot_ingest.devices.tokens import mosquitto_hash
from kernel import db, log
from kernel.settings import settings
from server import registry


def run(
    file: Annotated[Path, typer.Option(help="Mosquitto's password_file")],
    every_seconds: Annotated[float, typer.Option(help="how often to look for changes")] = 2.0,
    once: Annotated[bool, typer.Option(help="write the file and end")] = False,
) -> None:
    """Keep the password file equal to the active devices, and to the login in MQTT_URL."""
    log.configure(json=settings().log_json)
    registry.load()
    address = urlsplit(settings().mqtt_url)
    own = f"{unquote(address.username or '')}:{mosquitto_hash(unquote(address.password or ''))}"
    while True:
        with db.transaction() as session:
            devices = [f"{row.id}:{row.mqtt_hash}" for row in list_broker_logins(session)]
        replace(file, "\n".join([own, *devices]) + "\n")
        if once:
            return
        time.sleep(every_seconds)


def replace(file: Path, text: str) -> None:
    """Write the file at once and for its owner only; leave an equal one alone."""
    if file.exists() and file.read_text() == text:
        return
    fresh = file.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as written:
        written.write(text)
    fresh.replace(file)
