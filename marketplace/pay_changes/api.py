"""HTTP for the office's side of changes of pay."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import FINANCE, PLANNERS
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from kernel.shapes import page_of
from marketplace.pay_changes import queries, service
from marketplace.pay_changes.lifecycle import PayChangeStatus, Side
from marketplace.pay_changes.models import PayChange
from marketplace.pay_changes.schemas import PayChangeIn, PayChangeShown
from marketplace.payouts.schemas import Because

Payer = Annotated[Principal, Depends(require(*PLANNERS, FINANCE))]

router = Router(prefix="/api/pay-changes", tags=["payouts"])


@router.get("")
def list_changes(
    session: Session,
    _: Payer,
    technician_id: UUID | None = None,
    status: PayChangeStatus | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[PayChangeShown]:
    """Newest first."""
    statement = queries.select_changes(technician_id, status)
    found = paginate(session, statement, PayChange.id, cursor, limit, newest_first=True)
    return page_of(PayChangeShown, found)


@router.post("", response_model=PayChangeShown, status_code=201)
def ask(wanted: PayChangeIn, session: Session, payer: Payer) -> PayChange:
    """Propose a bonus, or an adjustment: less pay is for the freelancer to agree to."""
    return service.ask(session, payer, Side.OFFICE, **wanted.model_dump())


@router.post("/{change_id}/approve", response_model=PayChangeShown)
def approve(change_id: UUID, session: Session, payer: Payer) -> PayChange:
    """Not one's own proposals, and above the limit of the pay terms not by a dispatcher."""
    return service.approve(session, change_id, payer)


@router.post("/{change_id}/refuse", response_model=PayChangeShown)
def refuse(change_id: UUID, wanted: Because, session: Session, payer: Payer) -> PayChange:
    return service.refuse(session, change_id, payer, wanted.reason)
