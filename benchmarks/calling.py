"""One HTTP connection, with as little work at this end as possible: it shares the machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Self
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        return json.loads(self.body)

    def require(self) -> None:
        """Raises RuntimeError unless it is a success."""
        if not self.is_success:
            raise RuntimeError(f"The API answered {self.status}: {self.body.decode()[:200]}")


class Caller:
    """Somebody who asks the API, request by request; to be closed."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_SECONDS)
        self._headers = dict(headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: object, headers: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, body, {"Content-Type": "application/json", **headers})

    def _ask(self, method: str, path: str, body: object, headers: Mapping[str, str]) -> Answer:
        sent = None if body is None else json.dumps(body).encode()
        asked = (method, path, sent, {**self._headers, **headers})
        try:
            return self._answer(asked)
        except ConnectionError:  # closed at the other end after some idle seconds
            self._connection.close()
            return self._answer(asked)

    def _answer(self, asked: tuple[str, str, bytes | None, dict[str, str]]) -> Answer:
        self._connection.request(*asked)
        answer = self._connection.getresponse()
        return Answer(answer.status, answer.read())
