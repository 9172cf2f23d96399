"""What surrounds every request: its id in logs and answers, its time in the metrics."""

import time
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kernel import log
from kernel.metrics import REQUESTS


class RequestContext:
    """Takes X-Request-ID or makes one, answers with it, and measures."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if given.isprintable() and 0 < len(given) <= 64 else uuid4().hex
        log.bind(request_id=request_id)
        started, status = time.monotonic(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode("latin-1")),
                ]
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            route = scope["route"].path if "route" in scope else "none"
            REQUESTS.labels(scope["method"], route, str(status)).observe(time.monotonic() - started)
            log.unbind("request_id")
