"""Reads of the ledger: balances, entries, what is held for a visit."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dispatch.work_orders.models import Visit, WorkOrder
from marketplace.ledger.lifecycle import AccountKind
from marketplace.ledger.models import LedgerAccount, LedgerEntry, LedgerLine


class Balance(NamedTuple):
    kind: AccountKind
    holder_id: UUID | None
    currency: str
    cents: int


def find_entry(session: Session, key: str) -> LedgerEntry | None:
    return session.scalar(select(LedgerEntry).where(LedgerEntry.key == key))


def balances(
    session: Session, holder_id: UUID | None = None, *, before: datetime | None = None
) -> list[Balance]:
    """Every account, or those of one holder."""
    statement = (
        select(
            LedgerAccount.kind,
            LedgerAccount.holder_id,
            LedgerAccount.currency,
            func.coalesce(func.sum(LedgerLine.cents), 0).cast(LedgerLine.cents.type),
        )
        .join(LedgerLine, LedgerLine.account_id == LedgerAccount.id)
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .group_by(LedgerAccount.id)
        .order_by(LedgerAccount.kind, LedgerAccount.holder_id, LedgerAccount.currency)
    )
    if holder_id is not None:
        statement = statement.where(LedgerAccount.holder_id == holder_id)
    if before is not None:
        statement = statement.where(LedgerEntry.created_at < before)
    return [Balance(*row) for row in session.execute(statement)]


def held_for_visit(session: Session, visit_id: UUID) -> dict[str, int]:
    """Cents set aside for the visit, by currency; nothing that is zero."""
    rows = session.execute(
        select(LedgerEntry.currency, func.sum(LedgerLine.cents))
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(LedgerEntry.visit_id == visit_id, LedgerAccount.kind == AccountKind.HELD)
        .group_by(LedgerEntry.currency)
    )
    return {currency: int(cents) for currency, cents in rows if cents}


def select_entries(
    subject_id: UUID | None = None,
    visit_id: UUID | None = None,
    *,
    account: AccountKind | None = None,
    holder_id: UUID | None = None,
    work_order: str | None = None,
) -> Select[LedgerEntry]:
    """Those that touch an account of the kind, of the holder; to be paginated by id."""
    statement = select(LedgerEntry)
    if account is not None or holder_id is not None:
        touched = select(LedgerLine.entry_id).join(
            LedgerAccount, LedgerAccount.id == LedgerLine.account_id
        )
        if account is not None:
            touched = touched.where(LedgerAccount.kind == account)
        if holder_id is not None:
            touched = touched.where(LedgerAccount.holder_id == holder_id)
        statement = statement.where(LedgerEntry.id.in_(touched))
    if work_order is not None:
        visits = (
            select(Visit.id)
            .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
            .where(WorkOrder.number == work_order)
        )
        statement = statement.where(LedgerEntry.visit_id.in_(visits))
    if subject_id is not None:
        statement = statement.where(LedgerEntry.subject_id == subject_id)
    if visit_id is not None:
        statement = statement.where(LedgerEntry.visit_id == visit_id)
    return statement


def count_entries(
    session: Session, subject_id: UUID | None = None, visit_id: UUID | None = None
) -> int:
    """How many there are by now; the next one of the same kind is numbered by it."""
    entries = select_entries(subject_id, visit_id).subquery()
    return session.scalar(select(func.count()).select_from(entries)) or 0


def unreversed_of(session: Session, subject_id: UUID) -> list[LedgerEntry]:
    """What happened to a payout or transfer and was not taken back, newest first."""
    taken_back = select(LedgerEntry.reverses_id).where(LedgerEntry.reverses_id.is_not(None))
    return list(
        session.scalars(
            select(LedgerEntry)
            .where(
                LedgerEntry.subject_id == subject_id,
                LedgerEntry.reverses_id.is_(None),
                LedgerEntry.id.not_in(taken_back),
            )
            .order_by(LedgerEntry.id.desc())
        )
    )


def lines_of(
    session: Session, entry_ids: Collection[UUID]
) -> list[tuple[UUID, LedgerAccount, int]]:
    """(entry, account, cents) in the order in which they were written."""
    rows = session.execute(
        select(LedgerLine.entry_id, LedgerAccount, LedgerLine.cents)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(LedgerLine.entry_id.in_(entry_ids))
        .order_by(LedgerLine.id)
    )
    return [(entry_id, account, cents) for entry_id, account, cents in rows]


def work_orders_of(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, str]:
    """The number of each visit's work order."""
    rows = session.execute(
        select(Visit.id, WorkOrder.number)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .where(Visit.id.in_(visit_ids))
    )
    return {row.id: row.number for row in rows}


def unbalanced(session: Session) -> list[UUID]:
    """Entries that do not add up to zero: none, ever."""
    return list(
        session.scalars(
            select(LedgerLine.entry_id)
            .group_by(LedgerLine.entry_id)
            .having(func.sum(LedgerLine.cents) != 0)
        )
    )
