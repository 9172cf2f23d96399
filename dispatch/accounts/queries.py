"""Reading accounts."""

from uuid import UUID

from sqlalchemy import Select, any_, literal, select
from sqlalchemy.orm import Session

from dispatch.accounts.addresses import Address, AddressKind
from dispatch.accounts.models import Account
from kernel.db import get


def get_account(session: Session, account_id: UUID) -> Account:
    return get(session, Account, account_id)


def find_account(session: Session, account_id: UUID | None) -> Account | None:
    return session.get(Account, account_id) if account_id else None


def find_by_email(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def find_account_at(session: Session, address: Address) -> Account | None:
    column = Account.email if address.kind is AddressKind.EMAIL else Account.phone
    return session.scalar(select(Account).where(column == address.value))


def find_account_of(session: Session, subject_id: UUID) -> Account | None:
    """The oldest account of a technician, customer or provider."""
    return session.scalar(
        select(Account).where(Account.subject_id == subject_id).order_by(Account.id).limit(1)
    )


def accounts_matching(role: str | None = None) -> Select[Account]:
    statement = select(Account)
    if role is not None:
        statement = statement.where(literal(role) == any_(Account.roles))
    return statement
