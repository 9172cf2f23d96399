"""firstfix worker: a pool of processes that do jobs."""

from typing import Annotated

import typer

from kernel import log, relay
from kernel.celery_app import make_celery
from kernel.jobs import QUEUES
from kernel.settings import settings
from server import registry, wiring


def run(
    queues: Annotated[str, typer.Option(help="comma separated")] = ",".join(QUEUES),
    concurrency: int = 2,
) -> None:
    log.configure(json=settings().log_json)
    wanted = queues.split(",")
    unknown = set(wanted) - set(QUEUES)
    if unknown:
        raise typer.BadParameter(f"no such queue: {', '.join(sorted(unknown))}")
    registry.load()
    wiring.connect()
    relay.ask_again(wanted)
    options = ["--loglevel=WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    name = f"{queues.replace(',', '-')}@%h"
    make_celery().worker_main(
        ["worker", f"--queues={queues}", f"--concurrency={concurrency}", f"-n{name}", *options]
    )
