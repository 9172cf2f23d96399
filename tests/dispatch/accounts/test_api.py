"""Account management over HTTP."""

from tests.factories.accounts import PASSWORD, make_account
from tests.principals import admin, dispatcher


class TestAccounts:
    def test_an_administrator_creates_changes_and_disables(self, session, client):
        boss = client(admin())
        created = boss.post(
            "/api/accounts",
            json={
                "name": "Grace",
                "email": "grace@example.com",
                "password": PASSWORD,
                "roles": ["call_agent"],
            },
        )
        assert created.status_code == 201
        url = f"/api/accounts/{created.json()['id']}"
        changed = boss.patch(
            url, json={"roles": ["dispatcher"]}, headers={"If-Match": created.headers["etag"]}
        )
        assert changed.json()["roles"] == ["dispatcher"]
        assert boss.post(f"{url}/disable").json()["disabled"] is True
        assert boss.post(f"{url}/enable").json()["disabled"] is False
        assert boss.post(f"{url}/password", json={"password": "brand new one"}).status_code == 200
        listed = boss.get("/api/accounts", params={"role": "dispatcher"}).json()
        assert [account["id"] for account in listed["items"]] == [created.json()["id"]]

    def test_nobody_else_may(self, session, client):
        account = make_account(session)
        other = client(dispatcher())
        assert other.get("/api/accounts").status_code == 403
        assert other.get(f"/api/accounts/{account.id}").status_code == 403
        assert other.post(f"/api/accounts/{account.id}/disable").status_code == 403

    def test_a_stale_change_is_refused(self, session, client):
        account = make_account(session)
        boss = client(admin())
        url = f"/api/accounts/{account.id}"
        assert boss.patch(url, json={"name": "A"}).status_code == 428
        seen = {"If-Match": '"1"'}
        assert boss.patch(url, json={"name": "A"}, headers=seen).status_code == 200
        assert boss.patch(url, json={"name": "B"}, headers=seen).status_code == 412

    def test_null_is_refused_where_a_value_is_needed(self, session, client):
        account = make_account(session)
        reply = client(admin()).patch(
            f"/api/accounts/{account.id}", json={"name": None}, headers={"If-Match": '"1"'}
        )
        assert reply.status_code == 422


class TestMe:
    def test_needs_a_sign_in(self, session, client):
        assert client().get("/api/me").status_code == 401

    def test_tells_who_one_is(self, session, client):
        principal = dispatcher()
        me = client(principal).get("/api/me").json()
        assert me["account_id"] == str(principal.account_id)
        assert me["roles"] == ["dispatcher"]
