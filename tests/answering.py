"""A local HTTP server that answers by a function and keeps what it was asked, for tests."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Question:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Answer:
    """`body` is sent as JSON unless it is text; `held` is waited for before anything is sent."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    held: threading.Event | None = None


@dataclass
class Answering:
    url: str
    questions: list[Question]


@contextmanager
def answering(answer: Callable[[Question], Answer]) -> Iterator[Answering]:
    """Serve on a free port of this machine until the end."""
    questions: list[Question] = []

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length).decode()
            question = Question(
                self.command, self.path, dict(self.headers), json.loads(text) if text else None
            )
            questions.append(question)
            reply = answer(question)
            if reply.held is not None:
                reply.held.wait(30)
            body = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
            try:
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())
            except OSError:
                pass  # the client has given up meanwhile

        do_GET = do_POST = _serve  # noqa: N815 names the library asks for

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Answering(f"http://127.0.0.1:{server.server_port}", questions)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
