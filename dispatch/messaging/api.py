"""Messages for the office, and the development inbox."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office
from dispatch.messaging import queries, service
from dispatch.messaging.development_inbox import require_development
from dispatch.messaging.lifecycle import MessageStatus
from dispatch.messaging.models import Message
from dispatch.messaging.schemas import CustomerMessageIn, InboxMessage, MessageOut
from kernel.auth import Anybody
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import page_of

router = Router(prefix="/api", tags=["messages"])
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/messages")
def list_messages(
    session: Session,
    _: Office,
    customer_id: UUID | None = None,
    status: MessageStatus | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Page[MessageOut]:
    """Newest first; sign-in codes are not among them."""
    statement = queries.messages_matching(customer_id, status)
    found = paginate(session, statement, Message.id, cursor, limit, newest_first=True)
    return page_of(MessageOut, found)


@router.post("/messages", response_model=MessageOut, status_code=201)
def send_message(body: CustomerMessageIn, session: Session, principal: Office) -> Message:
    return service.send(
        session,
        template="office_note",
        customer_id=body.customer_id,
        values={"text": body.text},
        channel=body.channel,
        about={"visit_id": body.visit_id, "work_order_id": body.work_order_id},
        owner_id=principal.account_id,
    )


@router.get("/inbox")
def read_inbox(
    session: Session,
    _: Anybody,
    address: Annotated[str | None, Query(max_length=200)] = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Page[InboxMessage]:
    """What would have been sent, newest first; does not exist in production."""
    require_development()
    found = paginate(session, queries.inbox(address), Message.id, cursor, limit, newest_first=True)
    return page_of(InboxMessage, found)
