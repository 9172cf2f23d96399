"""Opening, renewing and ending sign-ins."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts import queries
from dispatch.accounts.addresses import Address, AddressKind, normalize_email, parse_address
from dispatch.accounts.models import Account
from dispatch.accounts.ports import code_sender, subject_directory
from dispatch.accounts.roles import CUSTOMER
from dispatch.accounts.service import create_account, principal_of
from kernel import credentials
from kernel.credentials import Tokens
from kernel.errors import Unauthenticated
from kernel.principal import Principal

PASSWORD_TRIES = 20
PASSWORD_WINDOW = timedelta(minutes=5)


@dataclass(frozen=True)
class SignedIn:
    tokens: Tokens
    principal: Principal


def sign_in(session: Session, email: str, password: str, device: str) -> SignedIn:
    """Unauthenticated `credentials_wrong` for an unknown, disabled or password-less account alike;
    Limited after 20 tries, right or wrong, in five minutes."""
    address = normalize_email(email)
    credentials.limit("sign_in", address, times=PASSWORD_TRIES, per=PASSWORD_WINDOW)
    account = queries.find_account_at(session, Address(AddressKind.EMAIL, address))
    usable = account is not None and not account.disabled
    right = credentials.verify_password(
        password, account.password_hash if account and usable else None
    )
    if account is None or not right or not _is_still(session, account):
        raise Unauthenticated("E-mail address or password is not right.", code="credentials_wrong")
    return _open(session, account, device)


def refresh(session: Session, refresh_token: str, device: str) -> Tokens:
    """Unauthenticated `refresh_invalid` when the token is used up, ended or another device's."""
    return credentials.rotate(session, refresh_token, device)


def sign_out(session: Session, access_token: str) -> None:
    """End the sign-in that an access token belongs to."""
    _, session_id = credentials.read_access(access_token)
    if session_id is not None:
        credentials.close_sessions(session, session_id=session_id)


def request_code(session: Session, address: str, locale: str = "en") -> None:
    """Send a one-time code; staff, who have passwords, get none, and nobody is told which it was.

    Raises Limited after five codes in ten minutes for one address.
    """
    to = parse_address(address)
    code = credentials.issue_code(session, to.value)
    account = queries.find_account_at(session, to)
    if account is None or _may_use_codes(account):
        code_sender().send_code(session, to, code, account.locale if account else locale)


def sign_in_with_code(
    session: Session,
    address: str,
    code: str,
    device: str,
    name: str | None = None,
    locale: str = "en",
) -> SignedIn:
    """Sign a customer in; whoever proves a new address becomes a customer.

    Raises Unauthenticated `code_wrong`, Limited after five tries.
    """
    at = parse_address(address)
    credentials.verify_code(session, at.value, code)
    account = queries.find_account_at(session, at)
    if account is None:
        customer_id = subject_directory().customer_for(session, at, name, locale)
        account = _customer_account(session, at, customer_id, name, locale)
    if not _is_still(session, account) or not _may_use_codes(account):
        raise Unauthenticated("This code is not right or too old.", code="code_wrong")
    return _open(session, account, device)


def _customer_account(
    session: Session, at: Address, customer_id: UUID, name: str | None, locale: str
) -> Account:
    is_email = at.kind is AddressKind.EMAIL
    return create_account(
        session,
        name=name or at.value,
        email=at.value if is_email else None,
        phone=None if is_email else at.value,
        roles=[CUSTOMER],
        subject_id=customer_id,
        locale=locale,
    )


def _may_use_codes(account: Account) -> bool:
    return not account.disabled and account.roles == [CUSTOMER]


def _is_still(session: Session, account: Account) -> bool:
    """Hold the account until the sign-in is there to be ended; False when it was changed since.

    Whoever disables it or sets its password meanwhile comes before or after, never in between.
    """
    proven = account.password_hash
    session.refresh(account, with_for_update={"read": True})
    return not account.disabled and account.password_hash == proven


def _open(session: Session, account: Account, device: str) -> SignedIn:
    principal = principal_of(account)
    return SignedIn(credentials.open_session(session, principal, device), principal)
