"""The shortest way into the application: one request, and how it was answered."""

import asyncio
import json
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

Message = MutableMapping[str, Any]


@dataclass
class Answer:
    status: int = 0
    body: bytes = b""

    @property
    def code(self) -> str:
        """The problem's stable code, or nothing."""
        try:
            return str(json.loads(self.body).get("code", ""))
        except (ValueError, AttributeError):
            return ""

    def facts_about(self, key: UUID) -> str:
        """What the body says apart from the id that was asked for."""
        told = json.loads(self.body)
        told.pop("request_id", None)
        return json.dumps(told, sort_keys=True).replace(str(key), "")


@dataclass
class Door:
    """Asks in one event loop; a live stream is left as soon as it has begun."""

    app: FastAPI
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def ask(self, method: str, url: str, token: str | None = None, body: Any = None) -> Answer:
        return self.runner.run(self._ask(method, url, token, body))

    async def _ask(self, method: str, url: str, token: str | None, body: Any) -> Answer:
        answer, over = Answer(), asyncio.Event()
        given = iter([b"" if method == "GET" else json.dumps(body or {}).encode()])

        async def receive() -> Message:
            for content in given:
                return {"type": "http.request", "body": content, "more_body": False}
            await over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                streamed = (b"content-type", b"text/event-stream; charset=utf-8")
                if streamed in message["headers"]:
                    over.set()
                return
            answer.body += message.get("body", b"")

        try:
            await self.app(_scope(method, url, token), receive, send)
        except Exception as error:  # as a server would: answered with 500, then logged
            return Answer(500, json.dumps({"code": repr(error)[:500]}).encode())
        return answer


@contextmanager
def open_door(app: FastAPI) -> Iterator[Door]:
    door = Door(app)
    with door.runner:
        yield door


def _scope(method: str, url: str, token: str | None) -> dict[str, Any]:
    path, _, query = url.partition("?")
    headers = [
        (b"host", b"test"),
        (b"content-type", b"text/csv" if "/imports/" in path else b"application/json"),
        (b"idempotency-key", uuid4().hex.encode()),
        (b"if-match", b'"1"'),
    ]
    if token is not None:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    return {
        "type": "http",
        # before 2.4 a streaming response listens for the disconnect
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
    }
