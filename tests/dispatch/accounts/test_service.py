"""Managing accounts."""

from uuid import uuid4

import pytest

from dispatch.accounts import service
from dispatch.accounts.roles import ADMIN, CUSTOMER, DISPATCHER, SUPERVISOR
from dispatch.accounts.sign_in import service as sign_in
from kernel.audit import history
from kernel.credentials import read_access, session_is_open
from kernel.errors import Conflict, Invalid, Unauthenticated
from kernel.principal import SYSTEM, Principal
from tests.factories.accounts import PASSWORD, make_account


def sign_in_to(session, account):
    tokens = sign_in.sign_in(session, account.email, PASSWORD, "browser").tokens
    return read_access(tokens.access_token)[1]


class TestCreateAccount:
    def test_keeps_the_password_as_a_hash_and_out_of_the_audit(self, session):
        account = make_account(session, password=PASSWORD)
        assert PASSWORD not in account.password_hash
        assert "password_hash" not in history(session, account.id)[0].changes

    def test_refuses_a_second_account_at_one_address(self, session):
        make_account(session, email="ada@example.com")
        with pytest.raises(Conflict) as refusal:
            make_account(session, email=" ADA@example.com")
        assert refusal.value.code == "address_taken"

    @pytest.mark.parametrize("roles", [[], ["king"], ["device"], [DISPATCHER, "king"]])
    def test_refuses_unknown_roles(self, session, roles):
        with pytest.raises(Invalid) as refusal:
            make_account(session, roles=roles)
        assert refusal.value.code == "invalid_role"

    def test_needs_a_customer_for_a_customer(self, session):
        with pytest.raises(Invalid) as refusal:
            make_account(session, roles=[CUSTOMER])
        assert refusal.value.code == "subject_missing"

    def test_refuses_a_short_password(self, session):
        with pytest.raises(Invalid) as refusal:
            make_account(session, password="short")
        assert refusal.value.code == "password_short"


class TestUpdateAccount:
    def test_ends_sign_ins_when_roles_change(self, session):
        account = make_account(session, password=PASSWORD)
        key = sign_in_to(session, account)
        service.update_account(session, account, {"roles": [SUPERVISOR]})
        assert account.roles == [SUPERVISOR]
        assert not session_is_open(session, key)

    def test_keeps_sign_ins_when_only_the_name_changes(self, session):
        account = make_account(session, password=PASSWORD)
        key = sign_in_to(session, account)
        service.update_account(session, account, {"name": "Ada", "roles": [DISPATCHER]})
        assert session_is_open(session, key)

    def test_refuses_to_leave_a_customer_without_subject(self, session):
        account = make_account(session, roles=[CUSTOMER], subject_id=uuid4())
        with pytest.raises(Invalid):
            service.update_account(session, account, {"subject_id": None})


class TestSetPassword:
    def test_ends_sign_ins_and_takes_effect(self, session):
        account = make_account(session, password=PASSWORD)
        key = sign_in_to(session, account)
        service.set_password(session, account, "another password")
        assert not session_is_open(session, key)
        with pytest.raises(Unauthenticated):
            sign_in.sign_in(session, account.email, PASSWORD, "browser")
        assert sign_in.sign_in(session, account.email, "another password", "browser")


class TestDisable:
    def test_ends_sign_ins_at_once(self, session):
        account = make_account(session, password=PASSWORD)
        key = sign_in_to(session, account)
        service.disable(session, account.id, SYSTEM)
        assert not session_is_open(session, key)

    def test_refuses_the_own_account(self, session):
        account = make_account(session, roles=[ADMIN])
        with pytest.raises(Conflict) as refusal:
            service.disable(session, account.id, Principal(account_id=account.id))
        assert refusal.value.code == "own_account"

    def test_can_be_undone(self, session):
        account = make_account(session, password=PASSWORD)
        service.disable(session, account.id, SYSTEM)
        service.enable(session, account.id)
        assert sign_in.sign_in(session, account.email, PASSWORD, "browser")
