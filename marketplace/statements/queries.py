"""Reads what statements, the reconciliation report and the tax export say."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.technicians.models import Provider, Technician
from marketplace.ledger import queries as ledger
from marketplace.ledger.lifecycle import AccountKind
from marketplace.payouts.lifecycle import PAYABLE, PayoutStatus
from marketplace.payouts.models import Payout
from marketplace.statements.amounts import written
from marketplace.statements.papers import Row
from marketplace.transfers.lifecycle import TransferStatus
from marketplace.transfers.models import Transfer
from marketplace.transfers.queries import totals


def payee_name(session: Session, payee_id: UUID) -> str:
    """Of a technician or provider; empty when there is none any more."""
    person = session.get(Technician, payee_id) or session.get(Provider, payee_id)
    return person.name if person else ""


def statement_rows(session: Session, payee_id: UUID, start: datetime, end: datetime) -> list[Row]:
    """What was earned and what was paid in `[start, end)`, with sums for each currency."""
    earned = session.scalars(
        select(Payout)
        .where(
            Payout.payee_id == payee_id,
            Payout.status != PayoutStatus.REVERSED,
            Payout.created_at >= start,
            Payout.created_at < end,
        )
        .order_by(Payout.id)
    ).all()
    paid = session.scalars(
        select(Transfer)
        .where(
            Transfer.payee_id == payee_id,
            Transfer.status == TransferStatus.SENT,
            Transfer.settled_at >= start,
            Transfer.settled_at < end,
        )
        .order_by(Transfer.id)
    ).all()
    sums: Counter[tuple[str, str]] = Counter()
    rows: list[Row] = [("date", "what", "status", "amount", "currency", "note")]
    for payout in earned:
        sums["earned", payout.currency] += payout.amount_cents
        amount = written(payout.amount_cents, payout.currency)
        day = payout.created_at.date()
        rows.append((day, payout.kind, payout.status, amount, payout.currency, payout.note))
    for transfer in paid:
        sums["paid", transfer.currency] += transfer.amount_cents
        amount = written(transfer.amount_cents, transfer.currency)
        day = (transfer.settled_at or transfer.created_at).date()
        rows.append((day, "transfer", "sent", amount, transfer.currency, transfer.reference))
    for (what, currency), cents in sorted(sums.items()):
        rows.append(("", f"all {what}", "", written(cents, currency), currency, ""))
    return rows


def tax_rows(session: Session, start: datetime, end: datetime) -> list[Row]:
    """What reached each payee's bank in `[start, end)`, by kind: expenses are no income."""
    found = session.execute(
        select(
            Payout.payee_id,
            Payout.technician_id,
            Payout.kind,
            Payout.currency,
            func.count(),
            func.sum(Payout.amount_cents),
        )
        .join(Transfer, Transfer.id == Payout.transfer_id)
        .where(
            Payout.status == PayoutStatus.PAID,
            Transfer.settled_at >= start,
            Transfer.settled_at < end,
        )
        .group_by(Payout.payee_id, Payout.technician_id, Payout.kind, Payout.currency)
        .order_by(Payout.payee_id, Payout.technician_id, Payout.kind)
    )
    head = "payee_id payee technician_id technician kind currency payouts amount".split()
    rows: list[Row] = [head]
    for payee_id, technician_id, kind, currency, count, cents in found:
        payee, worker = payee_name(session, payee_id), payee_name(session, technician_id)
        amount = written(int(cents), currency)
        rows.append((payee_id, payee, technician_id, worker, kind, currency, count, amount))
    return rows


@dataclass(frozen=True)
class Comparison:
    """Two sums that must be the same, in cents."""

    what: str
    currency: str
    ledger_cents: int
    records_cents: int

    @property
    def agrees(self) -> bool:
        return self.ledger_cents == self.records_cents


def reconcile(session: Session) -> list[Comparison]:
    """The ledger against payouts and transfers, account by account; and against zero."""
    kept: Counter[tuple[AccountKind, str]] = Counter()
    for balance in ledger.balances(session):
        kept[balance.kind, balance.currency] += balance.cents
    wanted: Counter[tuple[AccountKind, str]] = Counter()
    for status, currency, cents in session.execute(
        select(Payout.status, Payout.currency, func.sum(Payout.amount_cents))
        .where(Payout.transfer_id.is_(None))
        .group_by(Payout.status, Payout.currency)
    ):
        if status in PAYABLE:
            wanted[AccountKind.PAYABLE, currency] += int(cents)
        elif status is not PayoutStatus.REVERSED:
            wanted[AccountKind(status), currency] += int(cents)
    for (state, currency), cents in totals(session).items():
        if state is TransferStatus.PREPARED:
            wanted[AccountKind.IN_TRANSIT, currency] += cents
        elif state is TransferStatus.SENT:
            wanted[AccountKind.BANK, currency] += cents
    fees = session.execute(
        select(Payout.currency, func.sum(Payout.fee_cents))
        .where(Payout.status != PayoutStatus.REVERSED)
        .group_by(Payout.currency)
    )
    for currency, cents in fees:
        wanted[AccountKind.PLATFORM, currency] += int(cents)
    compared = [
        Comparison(str(kind), currency, kept[kind, currency], wanted[kind, currency])
        for kind, currency in sorted({*kept, *wanted})
        if kind not in (AccountKind.BUYER, AccountKind.HELD)
    ]
    for currency in sorted({currency for _, currency in kept}):
        whole = sum(cents for (_, of), cents in kept.items() if of == currency)
        compared.append(Comparison("everything", currency, whole, 0))
    return compared
