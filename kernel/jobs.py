"""The job table and the registry of handlers: what must happen after a commit, exactly once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from sqlalchemy import BigInteger, Identity, Index, delete, insert, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.db import Base

if TYPE_CHECKING:
    from kernel.events import Event

Queue = Literal["critical", "default", "planning", "training"]
QUEUES: tuple[Queue, ...] = get_args(Queue)
Time = Literal["business", "real"]
F = TypeVar("F", bound=Callable[..., Any])


class Job(Base):
    """One handler's work on one event or tick. The row is the record; the broker only hints."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    handler: Mapped[str]
    queue: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    tick_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(server_default="waiting")  # waiting running done dead
    due_at: Mapped[datetime | None]
    """Business time before which the job waits; none means at once."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    send_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    """Real time of the next hint to the broker."""
    sends: Mapped[int] = mapped_column(server_default=text("0"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    claim: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    __table_args__ = (
        Index("uq_job_tick", "handler", "tick_at", unique=True),
        Index("ix_job_waiting", "queue", "send_at", postgresql_where=text("status = 'waiting'")),
        Index("ix_job_running", "lease_until", postgresql_where=text("status = 'running'")),
    )


@dataclass(frozen=True)
class Handler:
    """A function of a tasks module under its permanent name."""

    name: str
    run: Callable[..., Any]
    queue: Queue
    event: "type[Event] | None" = None
    when: Callable[[Any], bool] | None = None
    interval: timedelta | None = None
    time: Time = "business"
    outside: bool = False
    retries: int = 8


@dataclass
class _Registry:
    handlers: dict[str, Handler] = field(default_factory=dict)
    sealed: bool = False


_registry = _Registry()


def on(
    event: "type[Event]",
    *,
    name: str,
    when: Callable[[Any], bool] | None = None,
    queue: Queue = "default",
    outside: bool = False,
    retries: int = 8,
) -> Callable[[F], F]:
    """Subscribe `handler(session, event)`: its effect and the job's end are one transaction.

    `when(event)`, a look at the event alone, says whether there is anything to do: without it
    every event makes a job.

    With `outside`, `handler(event, key)` runs in no transaction, may take long, opens its own
    with `kernel.db.transaction`, and must be safe to repeat under the same key.
    """

    def register(function: F) -> F:
        _add(
            Handler(name, function, queue, event=event, when=when, outside=outside, retries=retries)
        )
        return function

    return register


def every(
    interval: timedelta,
    *,
    name: str,
    queue: Queue = "default",
    time: Time = "business",
    outside: bool = False,
) -> Callable[[F], F]:
    """Run `handler(session, due_at)` at every multiple of `interval`, each tick once."""

    def register(function: F) -> F:
        _add(Handler(name, function, queue, interval=interval, time=time, outside=outside))
        return function

    return register


def _add(handler: Handler) -> None:
    if handler.name in _registry.handlers:
        raise ValueError(f"two handlers are named {handler.name}")
    _registry.handlers[handler.name] = handler


def forget(name: str) -> None:
    """Take a handler back, in a process that lives on after what it subscribed for."""
    del _registry.handlers[name]


def seal() -> None:
    """Every tasks module is imported: from now on events may be published."""
    _registry.sealed = True


def handler(name: str) -> Handler:
    return _registry.handlers[name]


def all_handlers() -> list[Handler]:
    return list(_registry.handlers.values())


def handlers_of(event: "Event") -> list[Handler]:
    """Who wants it. Raises RuntimeError before the registry is sealed: events would be lost."""
    if not _registry.sealed:
        raise RuntimeError("import server.registry before publishing events")
    return [
        h
        for h in _registry.handlers.values()
        if h.event is type(event) and (h.when is None or h.when(event))
    ]


def enqueue(
    session: Session, handlers: Mapping[int, Sequence[Handler]], due_at: datetime | None
) -> None:
    """One job for each handler, by event id."""
    wanted = [
        {"handler": one.name, "queue": one.queue, "event_id": event_id, "due_at": due_at}
        for event_id, of_event in handlers.items()
        for one in of_event
    ]
    if wanted:
        session.execute(insert(Job), wanted)
        session.execute(text("SELECT pg_notify('firstfix_jobs', '')"))


def drop_waiting(session: Session, event_id: int) -> None:
    session.execute(delete(Job).where(Job.event_id == event_id, Job.status == "waiting"))
