"""Who may decide about remedies that wait sees them, is written to, and says why not."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.lifecycle import CustomerKind
from dispatch.customers.models import Customer
from dispatch.messaging.models import Message
from iot_ingest.alerts.models import Alert
from iot_ingest.incidents import service as incidents
from iot_ingest.incidents.models import Incident
from iot_ingest.remedies import service
from iot_ingest.remedies.lifecycle import RemedyKind
from kernel import clock
from kernel.principal import Principal
from tests.client import ApiClient
from tests.factories.accounts import make_account
from tests.factories.assets import make_asset
from tests.factories.iot_ingest import make_alert, make_device, make_rule
from tests.principals import dispatcher, principal

Client = Callable[..., ApiClient]
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


@pytest.fixture
def incident(session: Session) -> Incident:
    """Two businesses stand still: loan devices at 60 euros, above a dispatcher's limit of 30."""
    clock.freeze(session, NOON)
    rule, top = make_rule(session), make_asset(session)
    for _ in range(2):
        device = make_device(session, make_asset(session, parent_id=top.id))
        alert = make_alert(session, rule, device=device)
    for alert in session.scalars(select(Alert)):
        session.get_one(Customer, alert.customer_id).kind = CustomerKind.BUSINESS
        session.get_one(Asset, alert.asset_id).criticality = 5
    session.flush()
    made = incidents.group(session, alert)
    assert made is not None
    return made


def propose(client: Client, incident: Incident, who: Principal) -> list[str]:
    """The ids, of those who wait."""
    found = client(who).post(f"/api/incidents/{incident.id}/remedies").json()
    return [one["id"] for one in found if one["status"] == "proposed"]


class TestList:
    def test_shows_what_the_caller_may_decide(self, client: Client, incident: Incident) -> None:
        proposer = dispatcher()
        ids = propose(client, incident, proposer)
        assert len(ids) == 2
        http = client(principal("supervisor"))
        first = http.get("/api/remedies?limit=1").json()
        second = http.get(f"/api/remedies?limit=1&cursor={first['next_cursor']}").json()
        assert [one["id"] for one in first["items"] + second["items"]] == ids
        assert second["next_cursor"] is None
        for other in (proposer, dispatcher(), principal("call_agent"), principal("finance")):
            assert client(other).get("/api/remedies").json()["items"] == []

    def test_leaves_out_ones_own(
        self, client: Client, incident: Incident, session: Session
    ) -> None:
        service.set_terms(session, RemedyKind.LOAN_DEVICE, 6_000, {"supervisor": 100})
        proposer = principal("supervisor")
        propose(client, incident, proposer)
        service.set_terms(session, RemedyKind.LOAN_DEVICE, 6_000, {"supervisor": 9_000})
        assert client(proposer).get("/api/remedies").json()["items"] == []
        assert len(client(principal("supervisor")).get("/api/remedies").json()["items"]) == 2

    def test_follows_the_terms(self, client: Client, incident: Incident, session: Session) -> None:
        first, second = propose(client, incident, dispatcher())
        service.set_terms(session, RemedyKind.LOAN_DEVICE, 6_000, {"finance": 6_000})
        assert client(principal("supervisor")).get("/api/remedies").json()["items"] == []
        http = client(principal("finance"))
        assert http.post(f"/api/remedies/{first}/grant").json()["status"] == "granted"
        assert [one["id"] for one in http.get("/api/remedies").json()["items"]] == [second]


class TestDecline:
    def test_says_why(self, client: Client, incident: Incident) -> None:
        first, _ = propose(client, incident, dispatcher())
        http, url = client(principal("supervisor")), f"/api/remedies/{first}/decline"
        assert http.post(url).status_code == 422
        for _ in range(2):
            told = http.post(url, json={"note": "They have a spare one."}).json()
            assert (told["status"], told["declined_because"]) == (
                "declined",
                "They have a spare one.",
            )
        late = http.post(f"/api/remedies/{first}/grant")
        assert (late.status_code, late.json()["code"]) == (409, "illegal_move")


class TestAsking:
    def test_writes_once_to_those_who_may_decide(
        self, client: Client, incident: Incident, session: Session
    ) -> None:
        boss = make_account(session, roles=["supervisor"])
        make_account(session, roles=["dispatcher"])
        for _ in range(2):
            propose(client, incident, dispatcher())
        (letter,) = session.scalars(select(Message).where(Message.template == "remedies_wait"))
        assert letter.account_id == boss.id
        assert "2, 120.00 EUR together" in letter.text
        assert str(letter.link).endswith("/console/?page=incidents&tab=waiting")
