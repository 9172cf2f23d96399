"""firstfix serve: the HTTP side."""

import os
from typing import Annotated

import typer
import uvicorn

from kernel import log
from kernel.settings import settings

MOST_PROCESSES = 4
"""Without a number: each has a pool of connections and snapshots of the schedule of its own."""
HANG_SECONDS = 30
"""A process that says nothing for so long is replaced; on a busy machine 5 were too few."""


def run(
    host: str = "127.0.0.1",
    port: int = 8000,
    processes: Annotated[int, typer.Option(min=0, help="0: one per core, four at most")] = 0,
) -> None:
    log.configure(json=settings().log_json)
    uvicorn.run(
        "server.app:create_serving_app",
        factory=True,
        host=host,
        port=port,
        workers=processes or min(os.cpu_count() or 1, MOST_PROCESSES),
        log_level="warning",
        timeout_graceful_shutdown=3,
        timeout_worker_healthcheck=HANG_SECONDS,
    )
