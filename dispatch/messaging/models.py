"""The table of messages: outbox and conversation in one."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.messaging.lifecycle import MESSAGE, Channel, Direction, MessageStatus
from kernel.db import Record, enum_of, guard_moves


class Message(Record):
    """One message to or from one person; what it is about is told by the plain ids."""

    __tablename__ = "messages"
    # The text can carry a sign-in code, and the link a token: the audit trail must not keep them.
    __audit_secret__: ClassVar[set[str]] = {"text", "link"}
    __table_args__ = (
        Index("ix_messages_waiting", "expires_at", postgresql_where=text("status = 'queued'")),
    )

    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    address: Mapped[str | None] = mapped_column(index=True)
    channel: Mapped[Channel] = mapped_column(enum_of(Channel))
    direction: Mapped[Direction] = mapped_column(enum_of(Direction), default=Direction.OUT)
    template: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    link: Mapped[str | None]
    status: Mapped[MessageStatus] = mapped_column(
        enum_of(MessageStatus), default=MessageStatus.QUEUED
    )
    expires_at: Mapped[datetime]
    real_expires_at: Mapped[datetime | None]
    """In real time, and then it alone counts: a sign-in code ends by the clock on the wall."""
    sent_at: Mapped[datetime | None]
    owner_id: Mapped[UUID | None]
    """The account that answers for the conversation."""
    provider_id: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]
    fallback_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id"))
    visit_id: Mapped[UUID | None] = mapped_column(index=True)
    work_order_id: Mapped[UUID | None] = mapped_column(index=True)
    alert_id: Mapped[UUID | None] = mapped_column(index=True)


guard_moves(Message, "status", MESSAGE)
