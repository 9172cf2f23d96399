"""HTTP for the office's side of disputes."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import FINANCE, MANAGERS, PLANNERS
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from kernel.shapes import page_of
from marketplace.disputes import queries, service
from marketplace.disputes.lifecycle import DisputeStatus
from marketplace.disputes.models import Dispute
from marketplace.disputes.schemas import DisputeIn, DisputeShown, Settlement

Payer = Annotated[Principal, Depends(require(*PLANNERS, FINANCE))]
Judge = Annotated[Principal, Depends(require(*MANAGERS, FINANCE))]

router = Router(prefix="/api/disputes", tags=["payouts"])


@router.get("")
def list_disputes(
    session: Session,
    _: Payer,
    status: DisputeStatus | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[DisputeShown]:
    """Newest first."""
    statement = queries.select_disputes(status)
    found = paginate(session, statement, Dispute.id, cursor, limit, newest_first=True)
    return page_of(DisputeShown, found)


@router.post("", response_model=DisputeShown, status_code=201)
def open_dispute(wanted: DisputeIn, session: Session, payer: Payer) -> Dispute:
    """Doubt a payout, such as for work that was not done."""
    return service.open_dispute(session, wanted.payout_id, payer, wanted.reason)


@router.post("/{dispute_id}/settle", response_model=DisputeShown)
def settle(dispute_id: UUID, wanted: Settlement, session: Session, judge: Judge) -> Dispute:
    """Decide; not about what one opened oneself."""
    return service.settle(session, dispute_id, judge, **wanted.model_dump())
