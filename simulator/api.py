"""HTTP as a careful client does it: one key per intention, retried until it is answered."""

import asyncio
import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import httpx

TRIES = 12
RETRY_STATUS = {502, 503, 504}
OWN_RECORDS = ("/api/auth/", "/api/ingest/", "/api/technician/commands", "/api/technician/position")
"""Writes that the server does not answer from a stored reply."""


class RefusedError(Exception):
    """The server answered no."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {body.get('code')}: {body.get('detail')}")
        self.status = status
        self.code = str(body.get("code", ""))
        self.body = body


class Journal:
    """What the server acknowledged, one JSON line each; compared with the database at the end."""

    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("a", buffering=1)
        self.writes = 0
        self.retries = 0
        self.refused: dict[str, int] = defaultdict(int)
        self.milliseconds: dict[str, list[float]] = defaultdict(list)

    def acknowledged(self, key: str, path: str, response: httpx.Response) -> None:
        self.writes += 1
        if path == "/api/devices":  # its reply holds a token, which the server does not keep
            self._write({"device": response.json()["device"]["id"]})
        else:
            digest = hashlib.sha256(response.content).hexdigest()
            self._write({"key": key, "status": response.status_code, "sha256": digest})

    def commands_done(self, phone: str, results: list[dict[str, Any]]) -> None:
        """Offline commands are known to the server by phone and number."""
        for result in results:
            self.writes += 1
            self._write({"phone": phone, "seq": result["seq"]})

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")

    def took(self, kind: str, seconds: float) -> None:
        self.milliseconds[kind].append(seconds * 1000)

    def p95(self, kind: str) -> float:
        times = sorted(self.milliseconds[kind])
        return round(times[int(len(times) * 0.95)], 1) if times else 0.0


class Api:
    """One signed-in party's view of the server."""

    def __init__(self, http: httpx.AsyncClient, base: str, journal: Journal) -> None:
        self._http = http
        self._base = base
        self.journal = journal
        self.device = uuid4().hex
        self.tokens: dict[str, Any] = {}
        self.subject_id: str | None = None
        self._refreshing = asyncio.Lock()

    async def sign_in(self, email: str, password: str) -> None:
        body = {"email": email, "password": password, "device": self.device}
        self._take(await self.post("/api/auth/sign-in", body))

    def by_token(self, token: str) -> "Api":
        """A device's own view, by the token it was given."""
        device = Api(self._http, self._base, self.journal)
        device.tokens = {"access_token": token}
        return device

    async def prove(self, address: str, code: str, name: str | None = None) -> None:
        """Sign in with a one-time code."""
        body = {"address": address, "code": code, "device": self.device}
        if name:
            body["name"] = name
        self._take(await self.post("/api/auth/code/verify", body))

    def _take(self, tokens: dict[str, Any]) -> None:
        self.tokens = tokens
        principal = tokens.get("principal")
        if principal:
            self.subject_id = principal["subject_id"]

    async def get(self, path: str, **params: Any) -> Any:
        return await self._call("GET", path, params=params)

    async def post(
        self, path: str, body: Any = None, *, kind: str | None = None, key: str | None = None
    ) -> Any:
        return await self._call("POST", path, json=body, kind=kind, key=key)

    async def put(self, path: str, body: Any) -> Any:
        return await self._call("PUT", path, json=body)

    async def upload(self, path: str, text: str) -> Any:
        return await self._call(
            "POST", path, content=text.encode(), headers={"Content-Type": "text/csv"}
        )

    async def _call(
        self,
        method: str,
        path: str,
        *,
        kind: str | None = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> Any:
        key = key or uuid4().hex
        own = {"Idempotency-Key": key} if method != "GET" else {}
        for attempt in range(TRIES):
            started = time.monotonic()
            try:
                response = await self._http.request(
                    method,
                    self._base + path,
                    headers={**own, **(headers or {}), **self._authorization()},
                    **options,
                )
            except httpx.TransportError:
                self.journal.retries += 1
                await asyncio.sleep(min(0.2 * 2**attempt, 3))
                continue
            if await self._again(response, attempt):
                continue
            if kind:
                self.journal.took(kind, time.monotonic() - started)
            return self._answer(method, path, key, response)
        raise RefusedError(503, {"code": "gave_up", "detail": f"{method} {path} never answered"})

    async def _again(self, response: httpx.Response, attempt: int) -> bool:
        """Whether the same request should be sent again."""
        if response.status_code == 401 and self.tokens and attempt < 2:
            await self._refresh()
            return True
        in_flight = response.status_code == 409 and b"request_in_flight" in response.content
        limited = response.status_code == 429 and attempt < TRIES - 1
        if response.status_code in RETRY_STATUS or in_flight or limited:
            self.journal.retries += 1
            wait = float(response.headers.get("Retry-After", 0.2))
            await asyncio.sleep(min(wait, 2) if limited else 0.2 * (attempt + 1))
            return True
        return False

    async def _refresh(self) -> None:
        used = self.tokens.get("refresh_token")
        async with self._refreshing:
            if self.tokens.get("refresh_token") != used:
                return
            response = await self._http.post(
                f"{self._base}/api/auth/refresh",
                json={"refresh_token": used, "device": self.device},
            )
            if response.status_code == 200:
                self._take(response.json())

    def _authorization(self) -> dict[str, str]:
        token = self.tokens.get("access_token")
        return {"Authorization": f"Bearer {token}"} if token else {}

    def _answer(self, method: str, path: str, key: str, response: httpx.Response) -> Any:
        is_json = "json" in response.headers.get("content-type", "")
        body = response.json() if is_json and response.content else response.text
        if response.status_code >= 400:
            known = body if isinstance(body, dict) else {"detail": str(body)[:300]}
            self.journal.refused[f"{response.status_code} {known.get('code')}"] += 1
            raise RefusedError(response.status_code, known)
        if method != "GET" and not path.startswith(OWN_RECORDS):
            self.journal.acknowledged(key, path, response)
        return body
