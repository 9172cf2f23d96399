"""The Mosquitto of the containers, run here with its very files."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kernel.embedded_servers import free_port
from tests.needs import find_program

DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "mosquitto"


@contextmanager
def running(folder: Path) -> Iterator[tuple[int, Path]]:
    """Its port and its password file; it starts to listen once that file has lines."""
    program = find_program("mosquitto")
    assert program is not None
    port = free_port()
    (folder / "logins").mkdir()
    (folder / "data").mkdir()
    text = (DEPLOY / "mosquitto.conf").read_text()
    text = text.replace("listener 1883", f"listener {port} 127.0.0.1")
    text = text.replace(" /mosquitto/", f" {folder}/")
    shutil.copytree(DEPLOY, folder / "config")
    # Started by root, Mosquitto would become a user who may not enter the folder of the test.
    configuration = folder / "mosquitto.conf"
    configuration.write_text(f"{text}\nuser root\n" if os.geteuid() == 0 else text)
    logins = folder / "logins" / "passwords"
    with (folder / "mosquitto.log").open("ab") as log:
        broker = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", "sh", str(folder / "config" / "run.sh")],
            env={
                "PATH": f"{Path(program).parent}:/usr/bin:/bin",
                "MOSQUITTO_LOGINS": str(logins),
                "MOSQUITTO_CONFIGURATION": str(configuration),
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield port, logins
    finally:
        broker.terminate()
        broker.wait(10)
