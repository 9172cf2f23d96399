"""HTTP to read the ledger; nothing writes it but what happens."""

from collections import defaultdict
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import ADMIN, FINANCE
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from marketplace.ledger import queries
from marketplace.ledger.lifecycle import AccountKind
from marketplace.ledger.models import LedgerEntry
from marketplace.ledger.schemas import BalanceShown, EntryShown, LineShown

Finance = Annotated[Principal, Depends(require(FINANCE, ADMIN))]

router = Router(prefix="/api/ledger", tags=["payouts"])


@router.get("/balances")
def list_balances(
    session: Session, _: Finance, holder_id: UUID | None = None
) -> list[BalanceShown]:
    """Every account, or those of one payee; all of a currency add up to zero."""
    return [
        BalanceShown(account=kind, holder_id=holder, currency=currency, cents=cents)
        for kind, holder, currency, cents in queries.balances(session, holder_id)
    ]


@router.get("/entries")
def list_entries(
    session: Session,
    _: Finance,
    subject_id: UUID | None = None,
    visit_id: UUID | None = None,
    account: AccountKind | None = None,
    holder_id: UUID | None = None,
    work_order: Annotated[str | None, Query(max_length=40)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[EntryShown]:
    """Movements, newest first; `subject_id` is a payout or transfer, `holder_id` a payee whose
    accounts it touches, `work_order` a number."""
    statement = queries.select_entries(
        subject_id, visit_id, account=account, holder_id=holder_id, work_order=work_order
    )
    rows, following = paginate(session, statement, LedgerEntry.id, cursor, limit, newest_first=True)
    lines = defaultdict(list)
    for entry_id, place, cents in queries.lines_of(session, [row.id for row in rows]):
        line = LineShown(account=place.kind, holder_id=place.holder_id, cents=cents)
        lines[entry_id].append(line)
    numbers = queries.work_orders_of(session, {row.visit_id for row in rows if row.visit_id})
    names = "id created_at movement key currency visit_id subject_id reverses_id".split()
    items = [
        EntryShown(
            **{name: getattr(row, name) for name in names},
            work_order=numbers.get(row.visit_id) if row.visit_id else None,
            lines=lines[row.id],
        )
        for row in rows
    ]
    return Page(items=items, next_cursor=following)
