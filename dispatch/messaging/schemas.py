"""Shapes of messages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from dispatch.messaging.lifecycle import Channel, Direction, MessageStatus
from dispatch.messaging.links import without_token
from kernel.http import RequestSchema, Schema


class MessageOut(Schema):
    id: UUID
    customer_id: UUID | None
    account_id: UUID | None
    address: str | None
    channel: Channel
    direction: Direction
    template: str
    subject: str
    text: str
    link: Annotated[str | None, AfterValidator(without_token)]
    status: MessageStatus
    failure: str | None
    owner_id: UUID | None
    fallback_of_id: UUID | None
    visit_id: UUID | None
    work_order_id: UUID | None
    alert_id: UUID | None
    created_at: datetime
    sent_at: datetime | None
    expires_at: datetime


class CustomerMessageIn(RequestSchema):
    """A text to a customer, by the channel the customer prefers unless one is given."""

    customer_id: UUID
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    channel: Channel | None = None
    visit_id: UUID | None = None
    work_order_id: UUID | None = None


class InboxMessage(Schema):
    id: UUID
    address: str | None
    channel: Channel
    template: str
    subject: str
    text: str
    link: str | None
    sent_at: datetime | None
    visit_id: UUID | None
    work_order_id: UUID | None
    alert_id: UUID | None
