"""Reads what the phone shows of a freelancer's money."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.payouts.lifecycle import PAYABLE, PayoutStatus
from marketplace.payouts.models import Payout
from marketplace.payouts.queries import select_payouts

SHOWN = 200


@dataclass(frozen=True)
class Purse:
    """Where a person's money of one currency is, in cents."""

    currency: str
    earned: int = 0
    disputed: int = 0
    payable: int = 0
    in_transit: int = 0
    paid: int = 0


def list_payouts(session: Session, technician_id: UUID) -> list[Payout]:
    """The newest first."""
    statement = select_payouts([technician_id]).order_by(Payout.id.desc()).limit(SHOWN)
    return list(session.scalars(statement))


def purses_of_technician(session: Session, technician_id: UUID) -> list[Purse]:
    """One for each currency that was earned in; what a person earns for a provider counts too."""
    return _purses(session, Payout.technician_id == technician_id)


def purses_of_payee(session: Session, payee_id: UUID) -> list[Purse]:
    """Of whoever gets the money: a freelancer, or a provider for all its people."""
    return _purses(session, Payout.payee_id == payee_id)


def _purses(session: Session, whose: ColumnElement[bool]) -> list[Purse]:
    rows = session.execute(
        select(
            Payout.currency,
            Payout.status,
            Payout.transfer_id.is_not(None),
            func.sum(Payout.amount_cents),
        )
        .where(whose, Payout.status != PayoutStatus.REVERSED)
        .group_by(Payout.currency, Payout.status, Payout.transfer_id.is_not(None))
    )
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for currency, status, is_sent, cents in rows:
        place = "payable" if status in PAYABLE else str(status)
        if is_sent and status in PAYABLE:
            place = "in_transit"
        found[currency][place] += cents
    return [Purse(currency=currency, **places) for currency, places in sorted(found.items())]
