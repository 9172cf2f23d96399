"""Delivering what is in the outbox, and keeping the outbox tidy."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.events import MessageQueued
from dispatch.messaging import service
from dispatch.messaging.ports import UndeliverableError, channel_for
from kernel.db import transaction
from kernel.jobs import every, on


@on(MessageQueued, name="messaging.deliver", when=lambda event: not event.is_urgent, outside=True)
@on(
    MessageQueued,
    name="messaging.deliver_urgent",
    queue="critical",  # a code that waits behind a plan's three hundred notices comes too late
    when=lambda event: event.is_urgent,
    outside=True,
)
def deliver(event: MessageQueued, key: str) -> None:
    with transaction() as session:
        letter = service.prepare(session, event.message_id)
    if letter is None:
        return
    try:
        provider_id = channel_for(letter.channel).send(letter, key)
    except UndeliverableError as refusal:
        with transaction() as session:
            service.record_refused(session, event.message_id, repr(refusal))
        return
    except Exception as trouble:
        with transaction() as session:
            taken_over = service.record_trouble(session, event.message_id, repr(trouble))
        if taken_over:
            return
        raise
    with transaction() as session:
        service.record_sent(session, event.message_id, provider_id)


@every(timedelta(minutes=5), name="messaging.tidy", queue="default")
def tidy(session: Session, due_at: datetime) -> None:
    service.tidy(session)
