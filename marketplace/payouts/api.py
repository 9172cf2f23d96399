"""HTTP for the office's view of payouts."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import ADMIN, FINANCE, PLANNERS
from kernel.auth import require
from kernel.db import get
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from kernel.shapes import page_of
from marketplace.payouts import queries, service
from marketplace.payouts.lifecycle import PayoutStatus
from marketplace.payouts.models import Payout
from marketplace.payouts.schemas import Because, PayoutShown

Payer = Annotated[Principal, Depends(require(*PLANNERS, FINANCE))]
Finance = Annotated[Principal, Depends(require(FINANCE, ADMIN))]

router = Router(prefix="/api/payouts", tags=["payouts"])


@router.get("")
def list_payouts(
    session: Session,
    _: Payer,
    status: PayoutStatus | None = None,
    technician_id: UUID | None = None,
    visit_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[PayoutShown]:
    """Payouts, newest first."""
    people = None if technician_id is None else [technician_id]
    statement = queries.select_payouts(people, status, visit_id)
    found = paginate(session, statement, Payout.id, cursor, limit, newest_first=True)
    return page_of(PayoutShown, found)


@router.get("/{payout_id}", response_model=PayoutShown)
def get_payout(payout_id: UUID, session: Session, _: Payer) -> Payout:
    return get(session, Payout, payout_id)


@router.post("/{payout_id}/approve", response_model=PayoutShown)
def approve(payout_id: UUID, session: Session, _: Payer) -> Payout:
    """It is right; the next run pays it."""
    return service.approve(session, payout_id)


@router.post("/{payout_id}/reverse", response_model=PayoutShown)
def reverse(payout_id: UUID, wanted: Because, session: Session, _: Finance) -> Payout:
    """It was owed by mistake; nothing that is paid or on its way."""
    return service.reverse(session, payout_id, wanted.reason)
