"""The live stream: what each client sees, and that it outlives a busy database."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import exc

from kernel import db, stream
from kernel.events import EventRow
from kernel.principal import Principal
from kernel.stream import Hub, sees
from server import operations
from tests import principals
from tests.conftest import Database


def announce(url: str, position: int, **columns: Any) -> None:
    """A numbered event, as the sequencer leaves it."""
    payload = {name: str(value) for name, value in columns.items() if value is not None}
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        connection.execute(
            "INSERT INTO event (name, payload, customer_id, position)"
            " VALUES ('dispatch.VisitMoved', %s, %s, %s)",
            (json.dumps(payload), columns.get("customer_id"), position),
        )
        connection.execute("NOTIFY firstfix_events")


@pytest.fixture
def two_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTFIX_POOL_SIZE", "2")


class TestHub:
    def test_goes_on_after_the_pool_was_exhausted(
        self, two_connections: None, database: Database
    ) -> None:
        async def listen() -> str:
            hub = Hub()
            hub.position = 0
            events = hub.subscribe(sees(everything=True), lambda: True, None)
            await anext(events)
            with db.engine().connect(), db.engine().connect():
                await asyncio.to_thread(announce, database.url, 1)
                assert hub._task is not None
                # longer than a thread waits for a connection
                await asyncio.wait([hub._task], timeout=2)
            return await asyncio.wait_for(anext(events), 15)

        assert asyncio.run(listen()).startswith("id: 1\n")

    def test_goes_on_after_any_failure_of_its_listener(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stream, "RETRY_SECONDS", 0.01)
        forward, failures = Hub._forward, [OSError("gone"), RuntimeError("who knows")]

        async def failing_at_first(hub: Hub) -> None:
            if failures:
                raise failures.pop()
            await forward(hub)

        async def listen() -> str:
            monkeypatch.setattr(Hub, "_forward", failing_at_first)
            hub = Hub()
            hub.position = 0
            events = hub.subscribe(sees(everything=True), lambda: True, None)
            await anext(events)
            await asyncio.to_thread(announce, database.url, 1)
            return await asyncio.wait_for(anext(events), 15)

        assert asyncio.run(listen()).startswith("id: 1\n")
        assert failures == []

    def test_stays_open_while_nobody_can_say_whether_it_may(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stream, "RETRY_SECONDS", 0.01)
        answers: list[bool | Exception] = [exc.TimeoutError("pool is full"), True, False]

        def is_open() -> bool:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        async def listen() -> list[str]:
            hub = Hub()
            hub.position = 0
            await asyncio.to_thread(announce, database.url, 1)
            events = hub.subscribe(sees(everything=True), is_open, None)
            return [chunk async for chunk in events]

        assert [chunk[:5] for chunk in asyncio.run(listen())] == [": hel", "id: 1"]
        assert answers == []


class TestSees:
    def test_a_signed_link_sees_its_one_record(self) -> None:
        customer_id, visit_id = uuid4(), uuid4()
        allowed = sees(customer_id=customer_id, only_record=visit_id)

        def event(customer: UUID, visit: UUID) -> EventRow:
            payload = {"visit_id": str(visit), "customer_id": str(customer)}
            return EventRow(name="x", payload=payload, customer_id=customer)

        assert allowed(event(customer_id, visit_id))
        assert not allowed(event(customer_id, uuid4()))
        assert not allowed(event(uuid4(), visit_id))


class TestEndpoint:
    def seen(self, caller: Principal, database: Database) -> list[str]:
        """What a client gets that has missed everything."""

        class Signed:
            class state:  # noqa: N801 the name that a request has
                auth_session_id = None

        async def read() -> list[str]:
            answer = operations.stream(Signed, caller, last_event_id="0")  # type: ignore[arg-type]  # a request has more
            found = []
            try:
                async with asyncio.timeout(3):
                    async for chunk in answer.body_iterator:
                        found.append(str(chunk))
            except TimeoutError:
                return [chunk for chunk in found if chunk.startswith("id:")]
            return found

        return asyncio.run(read())

    def test_customers_do_not_see_what_staff_write_for_each_other(self, database: Database) -> None:
        customer_id = uuid4()
        reason = "technician absent"
        announce(database.url, 1, customer_id=customer_id, visit_id=uuid4(), reason=reason)
        mine = principals.principal("customer", subject_id=customer_id)
        [event] = self.seen(mine, database)
        assert str(customer_id) in event
        assert reason not in event
        [event] = self.seen(principals.dispatcher(), database)
        assert reason in event

    def test_a_link_opens_one_visit(self, database: Database) -> None:
        customer_id, visit_id = uuid4(), uuid4()
        announce(database.url, 1, customer_id=customer_id, visit_id=visit_id)
        announce(database.url, 2, customer_id=customer_id, visit_id=uuid4())
        link = Principal(
            subject_id=customer_id, roles=frozenset({"customer"}), only_record=visit_id
        )
        [event] = self.seen(link, database)
        assert str(visit_id) in event
