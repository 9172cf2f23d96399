"""A synchronous HTTP client that calls the application in this process."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy.orm import Session

from kernel.credentials import issue_access
from kernel.principal import Principal
from server.app import create_app


@cache
def _thread() -> ThreadPoolExecutor:
    """Requests run in a thread of their own: browser tests keep a loop running in this one."""
    return ThreadPoolExecutor(1, "client")


@cache
def app() -> FastAPI:
    return create_app()


class ApiClient:
    """Speaks as one principal; adds an Idempotency-Key to every write unless given one."""

    def __init__(
        self, principal: Principal | None, session: Session | None, headers: dict[str, str]
    ) -> None:
        self.session = session
        self.headers = dict(headers)
        if principal is not None:
            self.headers["Authorization"] = f"Bearer {issue_access(principal)}"

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        if method != "GET":
            headers.setdefault("Idempotency-Key", uuid4().hex)
        if self.session is not None:
            self.session.flush()
        response = _thread().submit(asyncio.run, _send(method, url, headers, options)).result()
        if self.session is not None:
            self.session.expire_all()
        return response

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Any) -> httpx.Response:
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Any) -> httpx.Response:
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Any) -> httpx.Response:
        return self.request("DELETE", url, **options)


async def _send(
    method: str, url: str, headers: dict[str, str], options: dict[str, Any]
) -> httpx.Response:
    transport = httpx.ASGITransport(app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, url, headers=headers, **options)
