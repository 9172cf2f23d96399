"""firstfix relay: from the job table to the broker."""

import signal
import threading

from prometheus_client import start_http_server

from kernel import log, relay
from kernel.celery_app import make_celery, send_with
from kernel.settings import settings
from server import registry, wiring


def run(metrics_port: int = 0) -> None:
    """Relay until SIGTERM; with a metrics port, serve the job figures there."""
    log.configure(json=settings().log_json)
    registry.load()
    wiring.connect()
    if metrics_port:
        start_http_server(metrics_port)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    relay.run(send_with(make_celery()), stop=stopping.is_set)
