"""The JSON Lines export."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from dispatch.exchange.exports import queries
from tests.client import ApiClient
from tests.factories.accounts import PASSWORD, make_account
from tests.factories.customers import make_site, make_site_key
from tests.factories.parts import make_stock
from tests.factories.work_orders import make_visit
from tests.principals import admin, dispatcher

MakeClient = Callable[..., ApiClient]


def exported(session: Session) -> list[dict[str, Any]]:
    return [json.loads(line) for line in queries.lines(session)]


class TestLines:
    def test_has_one_object_per_row(self, session: Session) -> None:
        visit = make_visit(session)
        make_stock(session)
        tables = Counter(line["table"] for line in exported(session))
        for table in ("customers", "sites", "work_types", "work_orders", "visits", "stocks"):
            assert tables[table] == 1
        row = next(li["row"] for li in exported(session) if li["table"] == "visits")
        assert row["id"] == str(visit.id)
        assert row["skills"] == [{"skill": "boiler", "level": 2}]

    def test_puts_a_row_after_those_it_refers_to(self, session: Session) -> None:
        make_visit(session)
        tables = [line["table"] for line in exported(session)]
        assert tables.index("customers") < tables.index("sites") < tables.index("work_orders")
        assert tables.index("work_orders") < tables.index("visits")

    def test_has_the_audit_but_no_technique(self, session: Session) -> None:
        make_visit(session)
        tables = {line["table"] for line in exported(session)}
        assert "audit_entry" in tables
        assert tables.isdisjoint({"job", "event", "auth_session", "idempotent_reply"})

    def test_leaves_secrets_out(self, session: Session) -> None:
        make_account(session, password=PASSWORD)
        make_site_key(session, make_site(session), secret="4711-canary")
        text = "".join(queries.lines(session))
        assert "password_hash" not in text
        assert "argon2" not in text
        assert "4711-canary" not in text
        assert "Cellar door" in text


class TestEndpoint:
    def test_streams_to_administrators(self, session: Session, client: MakeClient) -> None:
        make_visit(session)
        reply = client(admin()).get("/api/exports")
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("application/jsonl")
        assert {"customers", "visits"} <= {
            json.loads(li)["table"] for li in reply.text.splitlines()
        }

    def test_is_not_for_dispatchers(self, session: Session, client: MakeClient) -> None:
        assert client(dispatcher()).get("/api/exports").status_code == 403
