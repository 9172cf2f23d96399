"""Account management, for administrators."""

from uuid import UUID

from fastapi import Response

from dispatch.accounts import queries, service
from dispatch.accounts.access import Admin
from dispatch.accounts.models import Account
from dispatch.accounts.schemas import AccountIn, AccountOut, AccountPatch, PasswordIn
from kernel.http import IfMatch, Page, Router, Session, ensure_version, paginate, set_etag
from kernel.shapes import page_of

router = Router(prefix="/api/accounts", tags=["accounts"])


@router.get("")
def list_accounts(
    session: Session, _: Admin, role: str | None = None, cursor: str | None = None
) -> Page[AccountOut]:
    statement = queries.accounts_matching(role)
    return page_of(AccountOut, paginate(session, statement, Account.id, cursor))


@router.post("", response_model=AccountOut, status_code=201)
def create_account(body: AccountIn, session: Session, _: Admin, response: Response) -> Account:
    account = service.create_account(session, **body.model_dump())
    set_etag(response, account.version)
    return account


@router.get("/{account_id}", response_model=AccountOut)
def get_account(account_id: UUID, session: Session, _: Admin, response: Response) -> Account:
    account = queries.get_account(session, account_id)
    set_etag(response, account.version)
    return account


@router.patch("/{account_id}", response_model=AccountOut)
def update_account(
    account_id: UUID,
    body: AccountPatch,
    session: Session,
    _: Admin,
    seen: IfMatch,
    response: Response,
) -> Account:
    account = queries.get_account(session, account_id)
    ensure_version(account, seen)
    service.update_account(session, account, body.changes())
    set_etag(response, account.version)
    return account


@router.post("/{account_id}/password", response_model=AccountOut)
def set_password(account_id: UUID, body: PasswordIn, session: Session, _: Admin) -> Account:
    return service.set_password(session, queries.get_account(session, account_id), body.password)


@router.post("/{account_id}/disable", response_model=AccountOut)
def disable_account(account_id: UUID, session: Session, principal: Admin) -> Account:
    return service.disable(session, account_id, principal)


@router.post("/{account_id}/enable", response_model=AccountOut)
def enable_account(account_id: UUID, session: Session, _: Admin) -> Account:
    return service.enable(session, account_id)
