"""Signing in with a password or a one-time code, refreshing, signing out."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dispatch.accounts import queries, service
from dispatch.accounts.roles import CUSTOMER, DISPATCHER
from dispatch.accounts.sign_in import service as sign_in
from dispatch.customers.models import Customer
from dispatch.messaging.models import Message
from kernel import credentials
from kernel.audit import AuditEntry
from kernel.credentials import AuthSession
from kernel.errors import Invalid, Limited, Unauthenticated
from kernel.events import EventRow
from kernel.principal import SYSTEM
from tests.factories.accounts import PASSWORD, make_account
from tests.factories.customers import make_customer

NOBODYS_TOKEN = "0189f7a6-0000-7000-8000-000000000000.secret"
DEVICE = "browser"


def code_sent_to(session, address):
    message = session.scalars(
        select(Message).where(Message.address == address).order_by(Message.id.desc())
    ).first()
    return re.search(r"\d{6}", message.text).group()


class TestSignIn:
    def test_gives_tokens_and_the_principal(self, session):
        account = make_account(session, password=PASSWORD)
        signed_in = sign_in.sign_in(session, account.email.upper(), PASSWORD, DEVICE)
        principal, _ = credentials.read_access(signed_in.tokens.access_token)
        assert principal == signed_in.principal
        assert principal.account_id == account.id
        assert principal.roles == {DISPATCHER}

    @pytest.mark.parametrize("password", ["", "correct horse", PASSWORD + " "])
    def test_refuses_another_password(self, session, password):
        account = make_account(session, password=PASSWORD)
        with pytest.raises(Unauthenticated) as refusal:
            sign_in.sign_in(session, account.email, password, DEVICE)
        assert refusal.value.code == "credentials_wrong"

    @pytest.mark.parametrize("change", ["disabled", "given another password"])
    def test_leaves_no_sign_in_behind_when_the_account_changes_meanwhile(self, database, change):
        with database.transaction() as session:
            account = make_account(session, password=PASSWORD)
            account_id, email = account.id, account.email

        def come_in():
            with database.transaction() as session:
                sign_in.sign_in(session, email, PASSWORD, DEVICE)

        with ThreadPoolExecutor(1) as pool:
            with database.transaction() as session:
                if change == "disabled":
                    service.disable(session, account_id, SYSTEM)
                else:
                    account = queries.get_account(session, account_id)
                    service.set_password(session, account, "another password")
                coming = pool.submit(come_in)
                wait([coming], timeout=2)  # long enough to look at the account as it was
            with pytest.raises(Unauthenticated):
                coming.result(timeout=10)
        with database.transaction() as session:
            assert session.scalars(select(AuthSession)).all() == []

    def test_refuses_unknown_disabled_and_passwordless_alike(self, session):
        disabled = make_account(session, password=PASSWORD)
        service.disable(session, disabled.id, SYSTEM)
        without = make_account(session)
        messages = set()
        for email in ("nobody@example.com", disabled.email, without.email):
            with pytest.raises(Unauthenticated) as refusal:
                sign_in.sign_in(session, email, PASSWORD, DEVICE)
            messages.add((refusal.value.code, refusal.value.message))
        assert len(messages) == 1

    def test_stops_after_too_many_wrong_passwords(self, session):
        account = make_account(session, password=PASSWORD)
        for _ in range(sign_in.PASSWORD_TRIES):
            with pytest.raises(Unauthenticated):
                sign_in.sign_in(session, account.email, "wrong password", DEVICE)
        with pytest.raises(Limited):
            sign_in.sign_in(session, account.email, PASSWORD, DEVICE)

    def test_works_over_http(self, session, client):
        account = make_account(session, password=PASSWORD)
        reply = client().post(
            "/api/auth/sign-in",
            json={"email": account.email, "password": PASSWORD, "device": DEVICE},
        )
        assert reply.status_code == 200
        body = reply.json()
        assert body["principal"] == {
            "account_id": str(account.id),
            "subject_id": None,
            "roles": ["dispatcher"],
            "name": account.name,
        }
        me = client(Authorization=f"Bearer {body['access_token']}").get("/api/me")
        assert me.json()["email"] == account.email

    def test_keeps_spaces_of_a_password(self, session, client):
        account = make_account(session, password=" leading and trailing ")
        reply = client().post(
            "/api/auth/sign-in",
            json={"email": account.email, "password": " leading and trailing "},
        )
        assert reply.status_code == 200


class TestRefresh:
    def open(self, session):
        account = make_account(session, password=PASSWORD)
        return sign_in.sign_in(session, account.email, PASSWORD, DEVICE).tokens

    def test_replaces_the_token(self, session):
        first = self.open(session)
        second = sign_in.refresh(session, first.refresh_token, DEVICE)
        third = sign_in.refresh(session, second.refresh_token, DEVICE)
        assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3

    def test_allows_one_replay_when_the_reply_was_lost(self, session):
        first = self.open(session)
        sign_in.refresh(session, first.refresh_token, DEVICE)
        again = sign_in.refresh(session, first.refresh_token, DEVICE)
        assert sign_in.refresh(session, again.refresh_token, DEVICE)

    def test_refuses_another_device(self, session):
        first = self.open(session)
        with pytest.raises(Unauthenticated):
            sign_in.refresh(session, first.refresh_token, "another phone")

    @pytest.mark.committed
    def test_ends_the_sign_in_when_a_used_token_comes_back_later(self, database):
        with database.transaction() as session:
            first = self.open(session)
        with database.transaction() as session:
            second = sign_in.refresh(session, first.refresh_token, DEVICE)
            session.execute(
                update(AuthSession).values(
                    rotated_at=AuthSession.rotated_at - timedelta(seconds=61)
                )
            )
        with pytest.raises(Unauthenticated), database.transaction() as session:
            sign_in.refresh(session, first.refresh_token, DEVICE)
        with pytest.raises(Unauthenticated), database.transaction() as session:
            sign_in.refresh(session, second.refresh_token, DEVICE)

    @pytest.mark.parametrize("token", ["", "nonsense", NOBODYS_TOKEN])
    def test_refuses_nonsense(self, session, client, token):
        reply = client().post("/api/auth/refresh", json={"refresh_token": token})
        assert reply.status_code == 401


class TestSignOut:
    def test_ends_the_sign_in(self, session, client):
        account = make_account(session, password=PASSWORD)
        tokens = sign_in.sign_in(session, account.email, PASSWORD, DEVICE).tokens
        mine = client(Authorization=f"Bearer {tokens.access_token}")
        assert mine.get("/api/me").status_code == 200
        assert mine.post("/api/auth/sign-out").status_code == 204
        assert mine.get("/api/me").status_code == 401
        refreshed = client().post("/api/auth/refresh", json={"refresh_token": tokens.refresh_token})
        assert refreshed.status_code == 401


class TestRequestCode:
    def test_answers_the_same_for_known_unknown_and_staff(self, session, client):
        make_account(session, email="staff@example.com")
        make_customer(session, email="known@example.com")
        replies = [
            client().post("/api/auth/code", json={"address": address})
            for address in ("staff@example.com", "known@example.com", "new@example.com")
        ]
        assert [reply.status_code for reply in replies] == [202, 202, 202]
        assert len({reply.content for reply in replies}) == 1

    def test_sends_staff_no_code(self, session):
        account = make_account(session, email="staff@example.com")
        sign_in.request_code(session, account.email)
        assert session.scalar(select(Message).where(Message.address == account.email)) is None

    def test_keeps_the_code_out_of_events_and_audit(self, session):
        sign_in.request_code(session, "new@example.com")
        code = code_sent_to(session, "new@example.com")
        payloads = session.scalars(select(EventRow.payload)).all()
        changes = session.scalars(select(AuditEntry.changes)).all()
        assert code not in str(payloads)
        assert code not in str(changes)

    def test_is_limited_per_address(self, session):
        for _ in range(5):
            sign_in.request_code(session, "+49 30 555 00001")
        with pytest.raises(Limited):
            sign_in.request_code(session, "030 55500001")

    def test_refuses_what_is_no_address(self, session):
        with pytest.raises(Invalid):
            sign_in.request_code(session, "not an address")


class TestSignInWithCode:
    def test_makes_a_customer_of_whoever_proves_a_new_address(self, session):
        sign_in.request_code(session, "Ada@Example.com")
        code = code_sent_to(session, "ada@example.com")
        signed_in = sign_in.sign_in_with_code(session, "ada@example.com", code, DEVICE, "Ada")
        customer = session.get(Customer, signed_in.principal.subject_id)
        assert signed_in.principal.roles == {CUSTOMER}
        assert (customer.name, customer.email) == ("Ada", "ada@example.com")

    def test_finds_the_customer_the_office_knows(self, session):
        customer = make_customer(session, phone="+493055512345")
        sign_in.request_code(session, "030 555 12345")
        code = code_sent_to(session, "+493055512345")
        signed_in = sign_in.sign_in_with_code(session, "030/55512345", code, DEVICE)
        assert signed_in.principal.subject_id == customer.id

    def test_comes_back_to_the_same_account(self, session):
        subjects = set()
        for _ in range(2):
            sign_in.request_code(session, "ada@example.com")
            code = code_sent_to(session, "ada@example.com")
            signed_in = sign_in.sign_in_with_code(session, "ada@example.com", code, DEVICE)
            subjects.add((signed_in.principal.account_id, signed_in.principal.subject_id))
        assert len(subjects) == 1

    def test_uses_a_code_up(self, session):
        sign_in.request_code(session, "ada@example.com")
        code = code_sent_to(session, "ada@example.com")
        sign_in.sign_in_with_code(session, "ada@example.com", code, DEVICE)
        with pytest.raises(Unauthenticated):
            sign_in.sign_in_with_code(session, "ada@example.com", code, DEVICE)

    def test_stops_after_five_tries(self, session):
        sign_in.request_code(session, "ada@example.com")
        code = code_sent_to(session, "ada@example.com")
        wrong = "000000" if code != "000000" else "111111"
        for _ in range(5):
            with pytest.raises(Unauthenticated):
                sign_in.sign_in_with_code(session, "ada@example.com", wrong, DEVICE)
        with pytest.raises(Limited):
            sign_in.sign_in_with_code(session, "ada@example.com", code, DEVICE)

    def test_never_signs_staff_in(self, session):
        account = make_account(session)
        code = credentials.issue_code(session, account.email)
        with pytest.raises(Unauthenticated):
            sign_in.sign_in_with_code(session, account.email, code, DEVICE)

    def test_refuses_a_disabled_customer(self, session):
        customer = make_customer(session)
        account = make_account(session, roles=[CUSTOMER], subject_id=customer.id)
        code = credentials.issue_code(session, account.email)
        service.disable(session, account.id, SYSTEM)
        with pytest.raises(Unauthenticated):
            sign_in.sign_in_with_code(session, account.email, code, DEVICE)

    def test_works_over_http(self, session, client, run_jobs):
        client().post("/api/auth/code", json={"address": "ada@example.com"})
        run_jobs()
        inbox = client().get("/api/inbox", params={"address": "ada@example.com"}).json()
        code = re.search(r"\d{6}", inbox["items"][0]["text"]).group()
        reply = client().post(
            "/api/auth/code/verify",
            json={"address": "ada@example.com", "code": code, "name": "Ada", "device": "phone"},
        )
        assert reply.status_code == 200
        assert reply.json()["principal"]["roles"] == ["customer"]
        assert queries.find_by_email(session, "ada@example.com").name == "Ada"
