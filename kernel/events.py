"""Facts that happened: stored with the change that caused them, handed to jobs and live streams."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Identity, Index, insert, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import jobs
from kernel.db import Base


@dataclass(frozen=True, kw_only=True)
class Event:
    """A past fact; ids and small scalars only, never personal data.

    The three ids below say who may see the fact on the live stream.
    """

    name: ClassVar[str] = ""
    known: ClassVar[dict[str, type["Event"]]] = {}

    territory_id: UUID | None = None
    customer_id: UUID | None = None
    technician_id: UUID | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = f"{cls.__module__.partition('.')[0]}.{cls.__name__}"
        Event.known[cls.name] = cls


class EventRow(Base):
    """The log of events; `position` is given by one sequencer after the commit."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    territory_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    technician_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(server_default=text("app_now()"))
    due_at: Mapped[datetime | None]
    position: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        Index("uq_event_position", "position", unique=True),
        Index("ix_event_unsequenced", "id", postgresql_where=text("position IS NULL")),
    )


INSERT = (
    insert(EventRow)
    .returning(EventRow.id, sort_by_parameter_order=True)
    .execution_options(render_nulls=True)
)


def publish(session: Session, event: Event) -> int:
    """Store the event and one job per subscribed handler in this transaction; gives its id."""
    return _store(session, [event], None)[0]


def publish_all(session: Session, events: Sequence[Event]) -> None:
    """Publish many facts in their order, in as few statements as one."""
    if events:
        _store(session, events, None)


def later(session: Session, event: Event, due_at: datetime) -> int:
    """Publish an event that takes effect at a business time; gives its id, to cancel it with."""
    return _store(session, [event], due_at)[0]


def cancel_later(session: Session, event_id: int) -> None:
    """Take back a future event whose jobs have not run."""
    jobs.drop_waiting(session, event_id)


def _store(session: Session, events: Sequence[Event], due_at: datetime | None) -> list[int]:
    handlers = [jobs.handlers_of(event) for event in events]
    session.flush()
    rows = [
        {
            "name": event.name,
            "payload": to_payload(event),
            "territory_id": event.territory_id,
            "customer_id": event.customer_id,
            "technician_id": event.technician_id,
            "due_at": due_at,
        }
        for event in events
    ]
    ids = session.scalars(INSERT, rows).all()
    jobs.enqueue(session, dict(zip(ids, handlers, strict=True)), due_at)
    return list(ids)


def to_payload(event: Event) -> dict[str, Any]:
    payload: dict[str, Any] = _adapter(type(event)).dump_python(event, mode="json")
    return {key: value for key, value in payload.items() if value is not None}


def from_payload(name: str, payload: dict[str, Any]) -> Event:
    """The event as it was published; fields it did not know yet take their defaults."""
    cls = Event.known[name]
    fields = {field.name for field in dataclasses.fields(cls)}
    event: Event = _adapter(cls).validate_python(
        {key: value for key, value in payload.items() if key in fields}
    )
    return event


_adapters: dict[str, TypeAdapter[Event]] = {}


def _adapter(cls: type[Event]) -> TypeAdapter[Event]:
    if cls.name not in _adapters:
        _adapters[cls.name] = TypeAdapter(cls)
    return _adapters[cls.name]
