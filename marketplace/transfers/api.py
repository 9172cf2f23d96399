"""HTTP for finance to send money and to see what became of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query

from dispatch.accounts.roles import ADMIN, FINANCE, PLANNERS
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from kernel.shapes import page_of
from marketplace.payouts.schemas import Because
from marketplace.transfers import queries, service
from marketplace.transfers.lifecycle import TransferStatus
from marketplace.transfers.models import PayoutDestination, PayoutRun, Transfer
from marketplace.transfers.schemas import (
    BankDetailsIn,
    DestinationShown,
    PayeeShown,
    PayoutRunShown,
    TransferShown,
)

Finance = Annotated[Principal, Depends(require(FINANCE, ADMIN))]
Payer = Annotated[Principal, Depends(require(*PLANNERS, FINANCE))]
Key = Annotated[str, Header(alias="Idempotency-Key")]

router = Router(prefix="/api", tags=["payouts"])


@router.post("/payout-runs", response_model=PayoutRunShown, status_code=201)
def start_run(session: Session, _: Finance) -> PayoutRun:
    """Send everything that is approved now; what is on its way already is left alone."""
    return service.start_run(session)


@router.get("/transfers")
def list_transfers(
    session: Session,
    _: Finance,
    run_id: UUID | None = None,
    status: TransferStatus | None = None,
    payee_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[TransferShown]:
    """Newest first."""
    statement = queries.select_transfers(run_id, status, payee_id)
    found = paginate(session, statement, Transfer.id, cursor, limit, newest_first=True)
    return page_of(TransferShown, found)


@router.post("/transfers/{transfer_id}/returned", response_model=TransferShown)
def take_returned(transfer_id: UUID, wanted: Because, session: Session, _: Finance) -> Transfer:
    """The bank sent the money back: it is payable again."""
    return service.take_returned(session, transfer_id, wanted.reason)


@router.get("/payees", response_model=list[PayeeShown])
def list_payees(session: Session, payer: Payer) -> list[queries.Payee]:
    """Freelancers, all who ever earned something, and companies; by name. Whose bank is known is
    for finance alone."""
    found = queries.list_payees(session)
    is_finance = payer.has(FINANCE, ADMIN)
    return found if is_finance else [payee._replace(bank=None) for payee in found]


@router.put("/payees/{payee_id}/bank-details", response_model=DestinationShown)
def set_bank_details(
    payee_id: UUID, wanted: BankDetailsIn, session: Session, _: Finance, key: Key = ""
) -> PayoutDestination:
    """Of a technician or a provider; the number itself is not kept here."""
    return service.set_destination(session, payee_id, key, wanted.holder, wanted.iban)
