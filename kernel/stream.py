"""The live stream: committed events in one order, to browsers that may come and go."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from kernel import log
from kernel.db import new_session
from kernel.events import EventRow
from kernel.metrics import STREAM_CLIENTS
from kernel.settings import settings

QUEUE_SIZE = 500
RESUME_LIMIT = 2000
KEEP_ALIVE_SECONDS = 15
RETRY_SECONDS = 1.0

Allowed = Callable[[EventRow], bool]
T = TypeVar("T")
logger = log.get_logger(__name__)


@dataclass(eq=False)
class Client:
    allowed: Allowed
    is_open: Callable[[], bool]
    queue: asyncio.Queue[dict[str, Any]] = field(default_factory=lambda: asyncio.Queue(QUEUE_SIZE))
    overflown: bool = False


class Hub:
    """One LISTEN connection per process and a bounded queue per client."""

    def __init__(self) -> None:
        self.clients: set[Client] = set()
        self.position: int | None = None
        self._task: asyncio.Task[None] | None = None

    async def subscribe(
        self,
        allowed: Allowed,
        is_open: Callable[[], bool],
        last_event_id: str | None,
        *,
        without: frozenset[str] = frozenset(),
    ) -> AsyncIterator[str]:
        """Server-sent events: first what was missed, then what comes; `resync` when too much was.

        `without` names fields that are not for these eyes. Closes when `is_open` says no any more
        (looked at every 2 seconds of quiet and at each event).
        """
        client = Client(allowed, is_open)
        self._start()
        self.clients.add(client)  # before reading the past, so that nothing falls between
        STREAM_CLIENTS.set(len(self.clients))
        sent = -1
        try:
            yield ": hello\n\n"
            if last_event_id and last_event_id.isascii() and last_event_id.isdigit():
                after = int(last_event_id)
                missed = await _answer(lambda: _since(after, RESUME_LIMIT + 1))
                if len(missed) > RESUME_LIMIT:
                    yield "event: resync\ndata: {}\n\n"
                else:
                    for message, row in missed:
                        sent = message["position"]
                        if allowed(row):
                            yield _format(message, without)
            quiet = 0
            while await _answer(is_open):
                if client.overflown:
                    client.overflown = False
                    yield "event: resync\ndata: {}\n\n"
                try:
                    message = await asyncio.wait_for(client.queue.get(), timeout=2)
                except TimeoutError:
                    quiet += 2
                    if quiet >= KEEP_ALIVE_SECONDS:
                        quiet = 0
                        yield ": still here\n\n"
                    continue
                if message["position"] > sent:
                    sent = message["position"]
                    yield _format(message, without)
        finally:
            self.clients.discard(client)
            STREAM_CLIENTS.set(len(self.clients))

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        url = settings().database_url.replace("postgresql+psycopg://", "postgresql://")
        while self.clients or self.position is None:
            try:
                async with await psycopg.AsyncConnection.connect(url, autocommit=True) as listener:
                    await listener.execute("LISTEN firstfix_events")
                    await self._forward()
                    while True:
                        async for _ in listener.notifies(timeout=5, stop_after=1):
                            pass
                        await self._forward()
            except Exception as error:  # every browser's stream hangs on this one task
                logger.warning("live stream lost the database", error=repr(error))
                await asyncio.sleep(RETRY_SECONDS)

    async def _forward(self) -> None:
        if self.position is None:
            self.position = await asyncio.to_thread(_latest)
            return
        for message, row in await asyncio.to_thread(_since, self.position, 1000):
            self.position = message["position"]
            for client in list(self.clients):
                if not client.allowed(row):
                    continue
                try:
                    client.queue.put_nowait(message)
                except asyncio.QueueFull:
                    client.overflown = True


async def _answer(ask: Callable[[], T]) -> T:
    """What the database says, once it can be asked; until then the stream stays open and silent."""
    while True:
        try:
            return await asyncio.to_thread(ask)
        except (psycopg.Error, SQLAlchemyError) as error:
            logger.warning("live stream waits for the database", error=repr(error))
            await asyncio.sleep(RETRY_SECONDS)


def _latest() -> int:
    with new_session() as session:
        return (
            session.scalar(
                select(EventRow.position)
                .where(EventRow.position.is_not(None))
                .order_by(EventRow.position.desc())
                .limit(1)
            )
            or 0
        )


def _since(position: int, limit: int) -> list[tuple[dict[str, Any], EventRow]]:
    with new_session() as session:
        rows = session.scalars(
            select(EventRow)
            .where(EventRow.position > position)
            .order_by(EventRow.position)
            .limit(limit)
        ).all()
        session.expunge_all()
    return [
        (
            {
                "position": row.position,
                "name": row.name,
                "at": row.at.isoformat(),
                "payload": row.payload,
            },
            row,
        )
        for row in rows
    ]


def _format(message: dict[str, Any], without: frozenset[str]) -> str:
    shown = {name: value for name, value in message["payload"].items() if name not in without}
    return (
        f"id: {message['position']}\nevent: {message['name']}\n"
        f"data: {json.dumps({'at': message['at'], **shown})}\n\n"
    )


def sees(
    *,
    everything: bool = False,
    territory_id: UUID | None = None,
    customer_id: UUID | None = None,
    technician_id: UUID | None = None,
    only_record: UUID | None = None,
) -> Allowed:
    """Which events a principal may see: all (of a territory), or those that name them.

    With `only_record`, only those that name this record too.
    """

    def allowed(row: EventRow) -> bool:
        if only_record is not None and str(only_record) not in row.payload.values():
            return False
        if everything:
            return territory_id is None or row.territory_id in (None, territory_id)
        return (customer_id is not None and row.customer_id == customer_id) or (
            technician_id is not None and row.technician_id == technician_id
        )

    return allowed
