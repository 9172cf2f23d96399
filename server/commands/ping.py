"""firstfix ping: exits 0 when the worker on this host answers, for container health checks."""

import socket
from typing import Annotated

import typer

from kernel.celery_app import make_celery

TIMEOUT_SECONDS = 10.0


def run(
    queues: Annotated[str, typer.Option(help="as given to firstfix worker")],
) -> None:
    """Asks through the broker, so it says something about the broker, too."""
    name = f"{queues.replace(',', '-')}@{socket.gethostname()}"
    if not make_celery().control.ping(destination=[name], timeout=TIMEOUT_SECONDS):
        raise typer.Exit(1)
