"""Messages over HTTP."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from dispatch.messaging import service
from kernel.settings import settings
from tests.client import ApiClient
from tests.factories.customers import make_customer
from tests.principals import call_agent, customer_principal, dispatcher

Clients = Callable[..., ApiClient]


class TestMessages:
    def test_the_office_writes_and_answers_for_it(self, session: Session, client: Clients) -> None:
        customer = make_customer(session)
        who = call_agent()
        sent = client(who).post(
            "/api/messages", json={"customer_id": str(customer.id), "text": "We are late."}
        )
        assert sent.status_code == 201
        assert sent.json()["owner_id"] == str(who.account_id)
        listed = client(dispatcher()).get("/api/messages", params={"customer_id": str(customer.id)})
        assert [message["text"] for message in listed.json()["items"]] == ["We are late."]

    def test_the_office_sees_neither_codes_nor_tokens(
        self, session: Session, client: Clients
    ) -> None:
        service.CodesByMessage().send_code(
            session, service.parse_address("a@example.com"), "123456", "en"
        )
        service.send(
            session,
            template="office_note",
            address="a@example.com",
            values={"text": "Look"},
            link="https://example.com/visits/1#token=abc",
        )
        listed = client(dispatcher()).get("/api/messages").json()["items"]
        assert [message["link"] for message in listed] == ["https://example.com/visits/1"]

    def test_an_unknown_customer_is_not_found(self, session: Session, client: Clients) -> None:
        reply = client(dispatcher()).post(
            "/api/messages", json={"customer_id": str(uuid4()), "text": "Hello"}
        )
        assert reply.status_code == 404

    def test_a_customer_may_not(self, session: Session, client: Clients) -> None:
        other = client(customer_principal(make_customer(session)))
        assert other.get("/api/messages").status_code == 403


class TestInbox:
    def test_shows_what_was_sent_to_an_address(
        self, session: Session, client: Clients, run_jobs: Callable[[], int]
    ) -> None:
        for address in ("a@example.com", "b@example.com"):
            service.send(session, template="office_note", address=address, values={"text": address})
        assert client().get("/api/inbox").json()["items"] == []
        run_jobs()
        shown = client().get("/api/inbox", params={"address": "a@example.com"}).json()["items"]
        assert [message["address"] for message in shown] == ["a@example.com"]

    def test_does_not_exist_in_production(
        self, session: Session, client: Clients, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asking = client()
        asking.get("/api/inbox")
        monkeypatch.setattr(settings(), "environment", "production")
        assert asking.get("/api/inbox").status_code == 404
