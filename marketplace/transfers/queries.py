"""Reads of payout runs and transfers."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from dispatch.technicians.models import Provider, Technician
from marketplace.crowd.matching import CROWD
from marketplace.payouts.models import Payout
from marketplace.transfers.lifecycle import TransferStatus
from marketplace.transfers.models import PayoutDestination, Transfer


class Payee(NamedTuple):
    """Whom money is owed to; `through` is the company that is paid in the person's place, `bank`
    the name of the bank details."""

    id: UUID
    name: str
    is_company: bool
    through: UUID | None
    bank: str | None


def find_destination(session: Session, payee_id: UUID) -> PayoutDestination | None:
    return session.scalar(select(PayoutDestination).where(PayoutDestination.payee_id == payee_id))


def destinations_of(session: Session, payee_ids: Collection[UUID]) -> dict[UUID, PayoutDestination]:
    rows = session.scalars(
        select(PayoutDestination).where(PayoutDestination.payee_id.in_(payee_ids))
    )
    return {row.payee_id: row for row in rows}


def select_transfers(
    run_id: UUID | None = None,
    status: TransferStatus | None = None,
    payee_id: UUID | None = None,
) -> Select[Transfer]:
    """To be paginated by id."""
    statement = select(Transfer)
    if run_id is not None:
        statement = statement.where(Transfer.run_id == run_id)
    if status is not None:
        statement = statement.where(Transfer.status == status)
    if payee_id is not None:
        statement = statement.where(Transfer.payee_id == payee_id)
    return statement


def list_payees(session: Session) -> list[Payee]:
    """The crowd, all who ever earned something, and companies; by name."""
    bank = PayoutDestination.label
    earned = select(Payout.technician_id)
    people = session.execute(
        select(Technician.id, Technician.name, Technician.provider_id, bank)
        .join(PayoutDestination, PayoutDestination.payee_id == Technician.id, isouter=True)
        .where(or_(Technician.employment.in_(CROWD), Technician.id.in_(earned)))
    )
    companies = session.execute(
        select(Provider.id, Provider.name, bank).join(
            PayoutDestination, PayoutDestination.payee_id == Provider.id, isouter=True
        )
    )
    found = [Payee(key, name, False, through, label) for key, name, through, label in people]
    found += [Payee(key, name, True, None, label) for key, name, label in companies]
    return sorted(found, key=lambda one: (one.name, one.id))


def list_stuck(session: Session, before: datetime) -> list[Transfer]:
    """Prepared before that, and nothing heard of since."""
    return list(
        session.scalars(
            select(Transfer)
            .where(Transfer.status == TransferStatus.PREPARED, Transfer.created_at < before)
            .order_by(Transfer.id)
        )
    )


def payouts_of(session: Session, transfer_id: UUID) -> list[Payout]:
    """What the transfer pays, locked in id order."""
    return list(
        session.scalars(
            select(Payout)
            .where(Payout.transfer_id == transfer_id)
            .order_by(Payout.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def totals(session: Session) -> dict[tuple[TransferStatus, str], int]:
    """Cents of all transfers by status and currency."""
    rows = session.execute(
        select(Transfer.status, Transfer.currency, func.sum(Transfer.amount_cents)).group_by(
            Transfer.status, Transfer.currency
        )
    )
    return {(status, currency): int(cents) for status, currency, cents in rows}
