"""Writing to people: into the outbox first, from there through a channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.addresses import Address, AddressKind, parse_address
from dispatch.accounts.queries import get_account
from dispatch.customers.queries import get_customer
from dispatch.events import MessageQueued
from dispatch.messaging import queries
from dispatch.messaging.lifecycle import MESSAGE, Channel, MessageStatus
from dispatch.messaging.models import Message
from dispatch.messaging.ports import Letter
from dispatch.messaging.templates import render
from kernel import clock
from kernel.credentials import CODE_LIFE
from kernel.db import locked
from kernel.errors import Invalid
from kernel.events import publish

LIFE = timedelta(hours=24)
TRIES_BEFORE_SECOND_CHANNEL = 3
NO_ADDRESS = "no_address"


@dataclass(frozen=True)
class Recipient:
    """Whom a message is for, and where they are reached, the preferred channel first."""

    name: str
    locale: str
    addresses: Mapping[Channel, str]


def send(
    session: Session,
    *,
    template: str,
    values: Mapping[str, object] | None = None,
    customer_id: UUID | None = None,
    account_id: UUID | None = None,
    address: str | None = None,
    channel: Channel | None = None,
    locale: str | None = None,
    link: str | None = None,
    about: Mapping[str, UUID | None] | None = None,
    expires_in: timedelta | None = None,
    real_expires_at: datetime | None = None,
    owner_id: UUID | None = None,
) -> Message:
    """Put a message in the outbox; a job delivers it once this transaction is committed.

    The recipient is a customer, an account or a bare address. `about` may hold `visit_id`,
    `work_order_id` and `alert_id`. A recipient without any address gets a message that has failed,
    so that the office sees it. `expires_in` counts in business time; what ends by the clock on
    the wall has `real_expires_at` instead, and is delivered before everything else.
    """
    recipient = _recipient(session, customer_id, account_id, address, channel)
    used = channel or next(iter(recipient.addresses), Channel.SMS)
    language = locale or recipient.locale
    subject, text = render(template, language, used, {"name": recipient.name, **(values or {})})
    message = Message(
        customer_id=customer_id,
        account_id=account_id,
        address=recipient.addresses.get(used),
        channel=used,
        template=template,
        subject=subject,
        text=text,
        link=link,
        expires_at=clock.now(session) + (expires_in or LIFE),
        real_expires_at=real_expires_at,
        owner_id=owner_id,
        **_checked_about(about or {}),
    )
    _queue(session, message)
    return message


def _queue(session: Session, message: Message) -> None:
    message.status = MessageStatus.QUEUED
    session.add(message)
    session.flush()
    if message.address is None:
        _move(session, message, MessageStatus.FAILED, failure=NO_ADDRESS)
    else:
        publish(
            session,
            MessageQueued(
                message_id=message.id,
                customer_id=message.customer_id,
                is_urgent=message.real_expires_at is not None,
            ),
        )


def _checked_about(about: Mapping[str, UUID | None]) -> dict[str, UUID | None]:
    unknown = about.keys() - {"visit_id", "work_order_id", "alert_id"}
    if unknown:
        raise Invalid(f"A message is not about {', '.join(sorted(unknown))}.", code="about_unknown")
    return dict(about)


def _recipient(
    session: Session,
    customer_id: UUID | None,
    account_id: UUID | None,
    address: str | None,
    channel: Channel | None,
) -> Recipient:
    if sum(given is not None for given in (customer_id, account_id, address)) != 1:
        raise Invalid("A message is for one customer, account or address.", code="recipient")
    if customer_id is not None:
        customer = get_customer(session, customer_id)
        reached = _addresses(customer.phone, customer.email, push=str(customer.id))
        preferred = Channel(customer.channel)
        return Recipient(customer.name, customer.locale, _first(reached, preferred))
    if account_id is not None:
        account = get_account(session, account_id)
        reached = _addresses(account.phone, account.email, push=str(account.id))
        return Recipient(account.name, account.locale, _first(reached, Channel.EMAIL))
    at = parse_address(address or "")
    natural = Channel.EMAIL if at.kind is AddressKind.EMAIL else Channel.SMS
    return Recipient(at.value, "en", {channel or natural: at.value})


def _addresses(phone: str | None, email: str | None, push: str) -> dict[Channel, str]:
    known = {Channel.SMS: phone, Channel.EMAIL: email, Channel.PUSH: push}
    return {channel: address for channel, address in known.items() if address}


def _first(reached: dict[Channel, str], preferred: Channel) -> dict[Channel, str]:
    """The preferred channel leads; push needs the person's wish, so it is never a stopgap."""
    kept = {c: a for c, a in reached.items() if c is not Channel.PUSH or preferred is c}
    return dict(sorted(kept.items(), key=lambda item: item[0] is not preferred))


def prepare(session: Session, message_id: UUID) -> Letter | None:
    """What to hand to the channel; None when there is nothing to do any more."""
    message = locked(session, Message, [message_id])[0]
    if message.status is not MessageStatus.QUEUED or message.address is None:
        return None
    if is_past(message, clock.now(session), clock.real_now()):
        _move(session, message, MessageStatus.EXPIRED)
        return None
    return Letter(
        message_id=message.id,
        channel=message.channel,
        address=message.address,
        subject=message.subject,
        text=message.text,
        link=message.link,
    )


def is_past(message: Message, at: datetime, real_at: datetime) -> bool:
    """Whether the message is worth nothing any more."""
    if message.real_expires_at is not None:
        return message.real_expires_at <= real_at
    return message.expires_at <= at


def record_sent(session: Session, message_id: UUID, provider_id: str) -> None:
    message = locked(session, Message, [message_id])[0]
    if message.status is MessageStatus.QUEUED:
        message.provider_id = provider_id
        message.sent_at = clock.now(session)
        _move(session, message, MessageStatus.SENT)


def record_refused(session: Session, message_id: UUID, failure: str) -> None:
    """The channel will never deliver it: fail it and try the recipient's second channel."""
    message = locked(session, Message, [message_id])[0]
    if message.status is MessageStatus.QUEUED:
        second = _second_channel(session, message)
        _move(session, message, MessageStatus.FAILED, failure=failure)
        if second is not None:
            _queue(session, second)


def record_trouble(session: Session, message_id: UUID, failure: str) -> bool:
    """The channel could not deliver it now; True when the second channel has taken over."""
    message = locked(session, Message, [message_id])[0]
    if message.status is not MessageStatus.QUEUED:
        return True
    message.tries += 1
    message.failure = failure
    second = _second_channel(session, message)
    if second is None or message.tries < TRIES_BEFORE_SECOND_CHANNEL:
        session.flush()
        return False
    _move(session, message, MessageStatus.FAILED, failure=failure)
    _queue(session, second)
    return True


def _second_channel(session: Session, message: Message) -> Message | None:
    """The same words to another address of the same person; never a third one."""
    if message.fallback_of_id is not None or message.address is None:
        return None
    if message.customer_id is None and message.account_id is None:
        return None
    recipient = _recipient(session, message.customer_id, message.account_id, None, None)
    others = (item for item in recipient.addresses.items() if item[0] is not message.channel)
    channel, address = next(others, (None, None))
    if channel is None:
        return None
    return Message(
        customer_id=message.customer_id,
        account_id=message.account_id,
        address=address,
        channel=channel,
        template=message.template,
        subject=message.subject,
        text=message.text,
        link=message.link,
        expires_at=message.expires_at,
        real_expires_at=message.real_expires_at,
        owner_id=message.owner_id,
        fallback_of_id=message.id,
        visit_id=message.visit_id,
        work_order_id=message.work_order_id,
        alert_id=message.alert_id,
    )


def tidy(session: Session) -> None:
    """Expire what came too late, and wipe secrets that have run out."""
    at, real_at = clock.now(session), clock.real_now()
    for message in queries.list_overdue(session, at, real_at):
        _move(session, message, MessageStatus.EXPIRED)
    for message in queries.list_secrets_past(session, at, real_at):
        message.text = ""
    session.flush()


def _move(
    session: Session, message: Message, to: MessageStatus, *, failure: str | None = None
) -> None:
    MESSAGE.check(message.status, to)
    message.status = to
    if failure is not None:
        message.failure = failure
    session.flush()


class CodesByMessage:
    """The accounts' CodeSender."""

    def send_code(self, session: Session, address: Address, code: str, locale: str) -> None:
        send(
            session,
            template="sign_in_code",
            address=address.value,
            values={"code": code},
            locale=locale,
            real_expires_at=clock.real_now() + CODE_LIFE,
        )
