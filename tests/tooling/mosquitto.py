"""The Mosquitto of the containers, run here with its very files."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kernel.embedded_servers import free_port
from tests.needs import find_program

DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "mosquitto"
PORTS = (1883, 1884, 8883, 8884)


@dataclass
class Broker:
    """Where it listens, for whom, and its password file."""

    port: int
    device_port: int
    tls_port: int
    certificate_port: int
    logins: Path


@contextmanager
def running(folder: Path) -> Iterator[Broker]:
    """It starts to listen once its password file has lines; for TLS if tls/ has files then."""
    program = find_program("mosquitto")
    assert program is not None
    broker = Broker(*(free_port() for _ in range(4)), folder / "logins" / "passwords")
    for name in ("config", "logins", "data", "tls"):
        (folder / name).mkdir(exist_ok=True)
    for file in DEPLOY.iterdir():
        text = file.read_text()
        for there, here in zip(
            PORTS,
            (broker.port, broker.device_port, broker.tls_port, broker.certificate_port),
            strict=True,
        ):
            text = text.replace(f"listener {there}\n", f"listener {here} 127.0.0.1\n")
        (folder / "config" / file.name).write_text(text.replace(" /mosquitto/", f" {folder}/"))
    if os.geteuid() == 0:
        # Started by root, Mosquitto would become a user who may not enter the folder of the test.
        whole = folder / "config" / "mosquitto.conf"
        whole.write_text(f"user root\n{whole.read_text()}")
    with (folder / "mosquitto.log").open("ab") as log:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", "sh", str(folder / "config" / "run.sh")],
            env={
                "PATH": f"{Path(program).parent}:/usr/bin:/bin",
                "MOSQUITTO_CONFIGURATION": str(folder / "config"),
                "MOSQUITTO_LOGINS": str(folder / "logins"),
                "MOSQUITTO_TLS": str(folder / "tls"),
                "MOSQUITTO_DATA": str(folder / "data"),
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield broker
    finally:
        process.terminate()
        process.wait(10)
