"""firstfix serve: the HTTP side."""

import uvicorn

from kernel import log
from kernel.settings import settings


def run(host: str = "127.0.0.1", port: int = 8000, processes: int = 1) -> None:
    log.configure(json=settings().log_json)
    uvicorn.run(
        "server.app:create_serving_app",
        factory=True,
        host=host,
        port=port,
        workers=processes,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
