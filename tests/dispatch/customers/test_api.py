"""Customers and sites over HTTP."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from dispatch.accounts.roles import CUSTOMER, FINANCE, PARTS, TECHNICIAN
from tests.client import ApiClient
from tests.factories.customers import make_customer, make_site, make_site_key
from tests.factories.territories import make_territory
from tests.principals import call_agent, dispatcher, principal

Clients = Callable[..., ApiClient]


class TestCustomers:
    def test_a_call_agent_takes_a_new_customer_in(self, session: Session, client: Clients) -> None:
        make_territory(session)
        agent = client(call_agent())
        created = agent.post("/api/customers", json={"name": "Ada", "phone": "030 555 12345"})
        assert created.status_code == 201
        assert created.headers["etag"] == '"1"'
        url = f"/api/customers/{created.json()['id']}"
        site = agent.post(
            f"{url}/sites",
            json={
                "address": "Unter den Linden 77",
                "latitude": 52.5,
                "longitude": 13.4,
                "requirements": {"skills": [{"skill": "gas", "level": 2}], "languages": ["de"]},
            },
        )
        assert site.status_code == 201
        assert site.json()["requirements"]["skills"] == [{"skill": "gas", "level": 2}]
        assert "access_notes_confidential" not in site.json()
        assert [s["id"] for s in agent.get(f"{url}/sites").json()] == [site.json()["id"]]
        found = agent.get("/api/customers", params={"q": "linden"}).json()
        assert [c["id"] for c in found["items"]] == [created.json()["id"]]
        assert [e["kind"] for e in agent.get(f"{url}/timeline").json()] == ["customer"]

    def test_pages_go_through_everybody_once(self, session: Session, client: Clients) -> None:
        expected = {str(make_customer(session).id) for _ in range(5)}
        seen: list[str] = []
        cursor = None
        while True:
            params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = client(dispatcher()).get("/api/customers", params=params).json()
            seen += [customer["id"] for customer in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len(seen) == 5
        assert set(seen) == expected

    def test_two_people_do_not_overwrite_each_other(
        self, session: Session, client: Clients
    ) -> None:
        url = f"/api/customers/{make_customer(session).id}"
        one, two = client(dispatcher()), client(call_agent())
        seen = {"If-Match": one.get(url).headers["etag"]}
        changed = one.patch(url, json={"vulnerable": True}, headers=seen)
        assert changed.json()["vulnerable"] is True
        assert changed.headers["etag"] == '"2"'
        assert two.patch(url, json={"name": "Other"}, headers=seen).status_code == 412

    @pytest.mark.parametrize("role", [CUSTOMER, TECHNICIAN, PARTS, FINANCE])
    def test_is_the_offices_alone(self, session: Session, client: Clients, role: str) -> None:
        customer = make_customer(session)
        other = client(principal(role, subject_id=customer.id))
        assert other.get("/api/customers").status_code == 403
        assert other.get(f"/api/customers/{customer.id}").status_code == 403

    def test_a_bad_phone_number_is_explained(self, session: Session, client: Clients) -> None:
        reply = client(dispatcher()).post("/api/customers", json={"name": "A", "phone": "abc"})
        assert reply.status_code == 422
        assert reply.json()["code"] == "invalid_phone"


class TestSites:
    def test_confidential_notes_are_for_planners(self, session: Session, client: Clients) -> None:
        site = make_site(session, access_notes_confidential="Alarm code 99")
        url = f"/api/sites/{site.id}"
        assert client(call_agent()).get(url).status_code == 403
        shown = client(dispatcher()).get(url)
        assert shown.json()["access_notes_confidential"] == "Alarm code 99"

    def test_a_call_agent_corrects_the_address(self, session: Session, client: Clients) -> None:
        site = make_site(session)
        changed = client(call_agent()).patch(
            f"/api/sites/{site.id}", json={"address": "New 1"}, headers={"If-Match": '"1"'}
        )
        assert changed.json()["address"] == "New 1"


class TestKeys:
    def test_a_view_is_recorded(self, session: Session, client: Clients) -> None:
        site = make_site(session)
        make_site_key(session, site, secret="0815")
        who = dispatcher()
        keys = client(who).get(f"/api/sites/{site.id}/keys").json()
        assert [key["secret"] for key in keys] == ["0815"]
        views = client(who).get(f"/api/sites/{site.id}/key-views").json()
        assert [view["viewer"] for view in views] == [who.actor]

    def test_a_call_agent_may_add_but_not_see(self, session: Session, client: Clients) -> None:
        site = make_site(session)
        agent = client(call_agent())
        added = agent.post(
            f"/api/sites/{site.id}/keys",
            json={
                "label": "Gate",
                "secret": "1234",
                "valid_from": "2026-01-01T00:00:00Z",
                "valid_until": "2027-01-01T00:00:00Z",
            },
        )
        assert added.status_code == 201
        assert "secret" not in added.json()
        assert agent.get(f"/api/sites/{site.id}/keys").status_code == 403
