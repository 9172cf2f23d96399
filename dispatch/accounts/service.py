"""Managing accounts: creating, changing, disabling them, and their passwords."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts import queries
from dispatch.accounts.addresses import (
    Address,
    AddressKind,
    normalize_email,
    normalize_phone,
)
from dispatch.accounts.models import Account
from dispatch.accounts.roles import ACCOUNT_ROLES, CUSTOMER, FIELD, PROVIDER_MANAGER
from kernel.credentials import close_sessions, hash_password
from kernel.errors import Conflict, Invalid
from kernel.principal import Principal

SHORTEST_PASSWORD = 10
_WITH_SUBJECT = {CUSTOMER, PROVIDER_MANAGER, *FIELD}


def create_account(
    session: Session,
    *,
    name: str,
    roles: Iterable[str],
    email: str | None = None,
    phone: str | None = None,
    password: str | None = None,
    subject_id: UUID | None = None,
    locale: str = "en",
) -> Account:
    """Raises Conflict `address_taken` when another account has the e-mail address or phone."""
    account = Account(
        name=name,
        roles=_checked_roles(roles, subject_id),
        email=normalize_email(email) if email else None,
        phone=normalize_phone(phone) if phone else None,
        password_hash=hash_password(_long_enough(password)) if password else None,
        subject_id=subject_id,
        locale=locale,
    )
    _check_free(session, account.email, account.phone)
    session.add(account)
    session.flush()
    return account


def update_account(session: Session, account: Account, changes: Mapping[str, Any]) -> Account:
    """Set the named columns; a change of roles or subject ends every sign-in."""
    values = dict(changes)
    subject_id = values.get("subject_id", account.subject_id)
    roles = _checked_roles(values.get("roles", account.roles), subject_id)
    acts_for_another = (roles, subject_id) != (account.roles, account.subject_id)
    if "roles" in values:
        values["roles"] = roles
    for column, value in values.items():
        setattr(account, column, value)
    session.flush()
    if acts_for_another:
        close_sessions(session, account_id=account.id)
    return account


def set_password(session: Session, account: Account, password: str) -> Account:
    """Ends every sign-in of the account."""
    account.password_hash = hash_password(_long_enough(password))
    session.flush()
    close_sessions(session, account_id=account.id)
    return account


def disable(session: Session, account_id: UUID, by: Principal) -> Account:
    """Ends every sign-in at once. Nobody disables the account they act with."""
    if account_id == by.account_id:
        raise Conflict("Another administrator has to do that.", code="own_account")
    account = queries.get_account(session, account_id)
    account.disabled = True
    session.flush()
    close_sessions(session, account_id=account_id)
    return account


def enable(session: Session, account_id: UUID) -> Account:
    account = queries.get_account(session, account_id)
    account.disabled = False
    session.flush()
    return account


def principal_of(account: Account) -> Principal:
    return Principal(
        account_id=account.id,
        subject_id=account.subject_id,
        roles=frozenset(account.roles),
        name=account.name,
    )


def _checked_roles(roles: Iterable[str], subject_id: UUID | None) -> list[str]:
    wanted = sorted(set(roles))
    unknown = set(wanted) - ACCOUNT_ROLES
    if unknown or not wanted:
        raise Invalid(
            "Give at least one role, and only known ones.",
            code="invalid_role",
            unknown=sorted(unknown),
            known=sorted(ACCOUNT_ROLES),
        )
    if subject_id is None and not _WITH_SUBJECT.isdisjoint(wanted):
        raise Invalid(
            "Say which customer, technician or provider the account acts for.",
            code="subject_missing",
        )
    return wanted


def _long_enough(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            f"A password has at least {SHORTEST_PASSWORD} characters.", code="password_short"
        )
    return password


def _check_free(session: Session, email: str | None, phone: str | None) -> None:
    wanted = []
    if email:
        wanted.append(Address(AddressKind.EMAIL, email))
    if phone:
        wanted.append(Address(AddressKind.PHONE, phone))
    if any(queries.find_account_at(session, address) for address in wanted):
        raise Conflict("Another account has this address.", code="address_taken")
