"""firstfix health: exits 0 when a process of ours does its work, for container health checks."""

import os
import socket
from pathlib import Path
from typing import Annotated

import httpx
import typer

from kernel.celery_app import make_celery

TIMEOUT_SECONDS = 5.0


def run(
    url: Annotated[str, typer.Option(help="must answer 200: /ready, or a metrics port")] = "",
    queues: Annotated[str, typer.Option(help="a worker of these queues must answer here")] = "",
    program: Annotated[str, typer.Option(help="a process with this command must run here")] = "",
) -> None:
    checks = [
        not url or answers(url),
        not queues or has_worker(queues),
        not program or is_running(program),
    ]
    if not all(checks):
        raise typer.Exit(1)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=TIMEOUT_SECONDS).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def has_worker(queues: str) -> bool:
    """Asks the worker that `firstfix worker --queues QUEUES` started on this host."""
    name = f"{queues.replace(',', '-')}@{socket.gethostname()}"
    replies = make_celery().control.ping(destination=[name], timeout=TIMEOUT_SECONDS)
    return bool(replies)


def is_running(program: str) -> bool:
    """Looks for a process, other than this one, whose command line has these words."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        if path.parent.name == str(os.getpid()):
            continue
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if f"firstfix {program}" in words:
            return True
    return False
