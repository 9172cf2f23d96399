"""The outbox: writing, delivering, falling back, expiring."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.addresses import parse_address
from dispatch.customers.lifecycle import PreferredChannel
from dispatch.events import MessageQueued
from dispatch.messaging import queries, service
from dispatch.messaging.development_inbox import DevelopmentInbox
from dispatch.messaging.lifecycle import MESSAGE, Channel, MessageStatus
from dispatch.messaging.models import Message
from dispatch.messaging.ports import UndeliverableError, channels
from dispatch.messaging.tasks import deliver
from kernel import clock
from kernel.audit import history
from kernel.errors import Invalid
from kernel.events import EventRow
from kernel.jobs import Job
from kernel.settings import settings
from tests.dispatch.messaging.conftest import ScriptedChannel
from tests.factories.accounts import make_account
from tests.factories.customers import make_customer

M = MessageStatus
RunJobs = Callable[[], int]


def note(session: Session, **over: Any) -> Message:
    if not over.keys() & {"customer_id", "account_id", "address"}:
        over["customer_id"] = make_customer(session).id
    return service.send(session, template="office_note", values={"text": "Hello"}, **over)


def deliver_now(session: Session, message: Message, key: str = "key-1") -> Message:
    deliver(MessageQueued(message_id=message.id), key)
    session.expire_all()
    return message


def fallback_of(session: Session, message: Message) -> Message | None:
    return session.scalar(select(Message).where(Message.fallback_of_id == message.id))


def code(session: Session) -> Message:
    service.CodesByMessage().send_code(session, parse_address("a@example.com"), "123456", "en")
    return session.scalars(select(Message).where(Message.template == "sign_in_code")).one()


def end_in_real_life(session: Session, message: Message) -> None:
    message.real_expires_at = clock.real_now()
    session.flush()


def queues_of(session: Session, message: Message) -> set[str]:
    """Where the jobs that deliver it wait."""
    statement = (
        select(Job.queue)
        .join(EventRow, EventRow.id == Job.event_id)
        .where(EventRow.payload["message_id"].astext == str(message.id))
    )
    return set(session.scalars(statement))


class TestLifecycle:
    @pytest.mark.parametrize("frm", list(M))
    @pytest.mark.parametrize("to", list(M))
    def test_only_what_waits_can_move(self, frm: M, to: M) -> None:
        legal = frm is M.QUEUED and to in (M.SENT, M.FAILED, M.EXPIRED)
        assert MESSAGE.allows(frm, to) is legal


class TestSend:
    @pytest.mark.parametrize(
        ("preferred", "phone", "email", "channel", "address"),
        [
            ("sms", "+49301234567", "a@example.com", "sms", "+49301234567"),
            ("email", "+49301234567", "a@example.com", "email", "a@example.com"),
            ("sms", None, "a@example.com", "email", "a@example.com"),
            ("email", "+49301234567", None, "sms", "+49301234567"),
        ],
    )
    def test_goes_where_the_customer_is_reached_best(
        self,
        session: Session,
        preferred: str,
        phone: str | None,
        email: str | None,
        channel: str,
        address: str,
    ) -> None:
        customer = make_customer(
            session, phone=phone, email=email, channel=PreferredChannel(preferred)
        )
        message = note(session, customer_id=customer.id)
        assert (message.channel, message.address) == (channel, address)
        assert message.status is M.QUEUED

    def test_speaks_the_customers_language(self, session: Session) -> None:
        customer = make_customer(session, locale="de-AT", channel=PreferredChannel.EMAIL)
        message = note(session, customer_id=customer.id)
        assert message.subject == "Eine Nachricht für Sie"
        assert message.text.startswith(f"Guten Tag {customer.name}")

    def test_fails_visibly_without_an_address(self, session: Session) -> None:
        customer = make_customer(session, phone=None, email=None)
        message = note(session, customer_id=customer.id)
        assert (message.status, message.failure) == (M.FAILED, service.NO_ADDRESS)

    def test_reaches_staff_by_their_account(self, session: Session) -> None:
        account = make_account(session)
        message = note(session, account_id=account.id)
        assert (message.channel, message.address) == (Channel.EMAIL, account.email)

    def test_is_for_one_recipient(self, session: Session) -> None:
        customer = make_customer(session)
        with pytest.raises(Invalid):
            note(session, customer_id=customer.id, address="a@example.com")

    def test_is_about_known_things(self, session: Session) -> None:
        with pytest.raises(Invalid):
            note(session, about={"weather": make_customer(session).id})

    def test_keeps_text_and_link_out_of_the_audit(self, session: Session) -> None:
        message = note(session, link="https://example.com/#token=secret")
        (entry,) = history(session, message.id)
        assert not entry.changes.keys() & {"text", "link"}


class TestDeliver:
    def test_hands_the_message_over_once(
        self, session: Session, channel: ScriptedChannel, run_jobs: RunJobs
    ) -> None:
        message = note(session)
        run_jobs()
        session.expire_all()
        assert (message.status, message.provider_id) == (M.SENT, "provider-1")
        assert message.sent_at is not None
        deliver_now(session, message)
        assert len(channel.sent) == 1

    def test_gives_the_channel_the_same_key_again(
        self, session: Session, channel: ScriptedChannel
    ) -> None:
        message = note(session, customer_id=make_customer(session, email=None).id)
        channel.trouble[Channel.SMS] = TimeoutError("no reply")
        for _ in range(2):
            with pytest.raises(TimeoutError):
                deliver_now(session, message, "key-7")
        assert {key for _, key in channel.sent} == {"key-7"}
        channel.trouble.clear()
        assert deliver_now(session, message, "key-7").status is M.SENT

    def test_does_not_send_what_is_out_of_date(
        self, session: Session, channel: ScriptedChannel
    ) -> None:
        message = note(session, expires_in=timedelta(hours=1))
        clock.freeze(session, message.expires_at)
        assert deliver_now(session, message).status is M.EXPIRED
        assert channel.sent == []

    def test_sends_a_code_as_long_as_it_is_valid_in_real_life(
        self, session: Session, channel: ScriptedChannel
    ) -> None:
        message = code(session)
        clock.freeze(session, message.expires_at + timedelta(days=7))
        assert deliver_now(session, message).status is M.SENT

    def test_does_not_send_a_code_that_is_not_valid_any_more(
        self, session: Session, channel: ScriptedChannel
    ) -> None:
        message = code(session)
        end_in_real_life(session, message)
        assert deliver_now(session, message).status is M.EXPIRED
        assert channel.sent == []

    def test_lets_codes_pass_everything_else(self, session: Session) -> None:
        message = note(session)
        assert queues_of(session, message) == {"default"}
        assert queues_of(session, code(session)) == {"critical"}

    def test_takes_the_second_channel_when_the_first_refuses(
        self, session: Session, channel: ScriptedChannel, run_jobs: RunJobs
    ) -> None:
        message = note(session)
        channel.trouble[Channel.SMS] = UndeliverableError("unknown number")
        run_jobs()
        session.expire_all()
        second = fallback_of(session, message)
        assert second is not None
        assert (message.status, second.status) == (M.FAILED, M.SENT)
        assert (second.channel, second.text) == (Channel.EMAIL, message.text)

    def test_takes_the_second_channel_when_the_first_stays_down(
        self, session: Session, channel: ScriptedChannel, run_jobs: RunJobs
    ) -> None:
        message = note(session)
        channel.trouble[Channel.SMS] = TimeoutError("no reply")
        for _ in range(service.TRIES_BEFORE_SECOND_CHANNEL - 1):
            with pytest.raises(TimeoutError):
                deliver_now(session, message)
        assert deliver_now(session, message).status is M.FAILED
        run_jobs()
        session.expire_all()
        second = fallback_of(session, message)
        assert second is not None
        assert second.status is M.SENT

    def test_never_takes_a_third_channel(
        self, session: Session, channel: ScriptedChannel, run_jobs: RunJobs
    ) -> None:
        message = note(session)
        for way in Channel:
            channel.trouble[way] = UndeliverableError("nobody there")
        run_jobs()
        session.expire_all()
        second = fallback_of(session, message)
        assert second is not None
        assert second.status is M.FAILED
        assert fallback_of(session, second) is None

    def test_fails_where_nothing_is_wired(self, session: Session) -> None:
        message = note(session, address="a@example.com")
        with channels.wired({}):
            assert deliver_now(session, message).status is M.FAILED


class TestTidy:
    def test_expires_what_waits_too_long(self, session: Session) -> None:
        message = note(session, expires_in=timedelta(hours=1))
        other = note(session, expires_in=timedelta(hours=2))
        clock.freeze(session, message.expires_at)
        service.tidy(session)
        assert (message.status, other.status) == (M.EXPIRED, M.QUEUED)

    def test_wipes_codes_that_have_run_out(self, session: Session) -> None:
        secret = code(session)
        kept = note(session)
        service.tidy(session)
        assert "123456" in secret.text
        end_in_real_life(session, secret)
        service.tidy(session)
        assert (secret.text, secret.status, kept.text) == ("", M.EXPIRED, "Hello")


class TestDevelopmentInbox:
    def test_does_not_start_in_production(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings(), "environment", "production")
        with pytest.raises(RuntimeError):
            DevelopmentInbox()


class TestTimeline:
    def test_shows_messages_but_no_codes(self, session: Session) -> None:
        message = note(session)
        assert message.customer_id is not None
        entries = queries.timeline(session, message.customer_id, 10)
        assert [(entry.kind, entry.title) for entry in entries] == [("message", "Hello")]
