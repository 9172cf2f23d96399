"""Many more requests at once than connections: they wait for each other, and none is refused."""

import asyncio
from typing import Annotated

import anyio
import httpx
import pytest
from anyio.lowlevel import checkpoint
from fastapi import Depends, FastAPI
from sqlalchemy import text

from kernel import http
from kernel.http import Router, Session, Turns, install_problems
from kernel.settings import settings
from tests.conftest import Database

CONNECTIONS = 2


def caller(session: Session) -> str:
    """Asks the database before the endpoint does, as everybody who is signed in has it done."""
    return str(session.execute(text("SELECT current_user")).scalar_one())


def make_app() -> FastAPI:
    app, router = FastAPI(), Router()

    @router.get("/slow")
    def slow(seconds: float, session: Session, name: Annotated[str, Depends(caller)]) -> str:
        session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})
        return name

    app.include_router(router)
    install_problems(app)
    return app


@pytest.fixture
def few_connections(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "pool_size", CONNECTIONS)


async def _ask(times: int, seconds: float) -> list[httpx.Response]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = CONNECTIONS
    transport = httpx.ASGITransport(make_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await asyncio.gather(*(client.get(f"/slow?seconds={seconds}") for _ in range(times)))


@pytest.mark.usefixtures("few_connections")
class TestPlaces:
    def test_nobody_waits_for_one_who_waits_for_a_thread(self) -> None:
        assert {answer.status_code for answer in asyncio.run(_ask(30, 0.05))} == {200}

    def test_who_would_wait_too_long_is_asked_to_come_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(http, "PATIENCE_SECONDS", 0.05)
        answers = asyncio.run(_ask(CONNECTIONS + 1, 1.0))
        assert sorted(answer.status_code for answer in answers) == [200] * CONNECTIONS + [503]
        refused = next(answer for answer in answers if answer.status_code == 503)
        assert (refused.json()["code"], refused.headers["Retry-After"]) == ("busy", "1")


class TestTurns:
    def test_lets_in_one_after_the_other_in_their_order(self) -> None:
        app, router = FastAPI(), Router(idempotent=False)
        inside, most, served = 0, 0, list[int]()

        @router.post("/turn", dependencies=[Depends(Turns("one", lambda: 1), scope="function")])
        async def turn(number: int) -> None:
            nonlocal inside, most
            inside += 1
            most = max(most, inside)
            await checkpoint()
            inside -= 1
            served.append(number)

        app.include_router(router)

        async def ask() -> None:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                await asyncio.gather(*(client.post(f"/turn?number={n}") for n in range(5)))

        asyncio.run(ask())
        assert (most, served) == (1, [0, 1, 2, 3, 4])
