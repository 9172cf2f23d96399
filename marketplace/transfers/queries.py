"""Reads of payout runs and transfers."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.payouts.models import Payout
from marketplace.transfers.lifecycle import TransferStatus
from marketplace.transfers.models import PayoutDestination, Transfer


def find_destination(session: Session, payee_id: UUID) -> PayoutDestination | None:
    return session.scalar(select(PayoutDestination).where(PayoutDestination.payee_id == payee_id))


def destinations_of(session: Session, payee_ids: Collection[UUID]) -> dict[UUID, PayoutDestination]:
    rows = session.scalars(
        select(PayoutDestination).where(PayoutDestination.payee_id.in_(payee_ids))
    )
    return {row.payee_id: row for row in rows}


def select_transfers(
    run_id: UUID | None = None, status: TransferStatus | None = None
) -> Select[Transfer]:
    """To be paginated by id."""
    statement = select(Transfer)
    if run_id is not None:
        statement = statement.where(Transfer.run_id == run_id)
    if status is not None:
        statement = statement.where(Transfer.status == status)
    return statement


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
