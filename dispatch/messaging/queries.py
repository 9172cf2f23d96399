"""Reading messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, select
from sqlalchemy.orm import Session

from dispatch.customers.ports import TimelineEntry
from dispatch.messaging.lifecycle import MessageStatus
from dispatch.messaging.models import Message
from dispatch.messaging.templates import SECRET_TEMPLATES
from kernel.db import get


def get_message(session: Session, message_id: UUID) -> Message:
    return get(session, Message, message_id)


def messages_matching(
    customer_id: UUID | None = None, status: MessageStatus | None = None
) -> Select[Message]:
    """What the office may read: everything but sign-in codes."""
    statement = select(Message).where(Message.template.not_in(SECRET_TEMPLATES))
    if customer_id is not None:
        statement = statement.where(Message.customer_id == customer_id)
    if status is not None:
        statement = statement.where(Message.status == status)
    return statement


def inbox(address: str | None = None) -> Select[Message]:
    """What the development inbox got, sign-in codes included."""
    statement = select(Message).where(Message.status == MessageStatus.SENT)
    if address is not None:
        statement = statement.where(Message.address == address)
    return statement


def inbox_containing(part: str) -> Select[Message]:
    """The same for people who know a part of the address."""
    statement = inbox()
    return statement.where(Message.address.icontains(part, autoescape=True)) if part else statement


def has_message(session: Session, visit_id: UUID, template: str) -> bool:
    """Whether anything was written from this template about the visit."""
    statement = select(exists().where(Message.visit_id == visit_id, Message.template == template))
    return bool(session.scalar(statement))


def _is_past(at: datetime, real_at: datetime) -> ColumnElement[bool]:
    """As `service.is_past` has it, at a business time and a real one."""
    return case(
        (Message.real_expires_at.is_(None), Message.expires_at <= at),
        else_=Message.real_expires_at <= real_at,
    )


def list_overdue(session: Session, at: datetime, real_at: datetime) -> list[Message]:
    """Messages that still wait although they are worth nothing any more."""
    statement = (
        select(Message)
        .where(Message.status == MessageStatus.QUEUED, _is_past(at, real_at))
        .order_by(Message.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return list(session.scalars(statement))


def list_secrets_past(session: Session, at: datetime, real_at: datetime) -> list[Message]:
    """Messages with a secret that has run out and still stands in the text."""
    statement = (
        select(Message)
        .where(Message.template.in_(SECRET_TEMPLATES), Message.text != "", _is_past(at, real_at))
        .order_by(Message.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return list(session.scalars(statement))


def timeline(session: Session, customer_id: UUID, limit: int) -> list[TimelineEntry]:
    """The customers' TimelineSource for messages."""
    statement = messages_matching(customer_id).order_by(Message.id.desc()).limit(limit)
    return [
        TimelineEntry(
            at=message.created_at,
            kind="message",
            record_id=message.id,
            title=message.text,
            status=message.status,
        )
        for message in session.scalars(statement)
    ]
