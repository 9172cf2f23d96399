"""HTTP for a freelancer's own money."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Response

from kernel.http import Router, Session
from marketplace.disputes import queries as disputes
from marketplace.disputes.models import Dispute
from marketplace.disputes.schemas import DisputeShown
from marketplace.documents.models import Document
from marketplace.documents.schemas import DocumentShown
from marketplace.pay_changes import queries as pay_changes
from marketplace.pay_changes import service as changes
from marketplace.pay_changes.lifecycle import Side
from marketplace.pay_changes.models import PayChange
from marketplace.pay_changes.schemas import OwnPayChangeIn, PayChangeShown
from marketplace.payouts.schemas import Because, PayoutShown
from marketplace.statements import service as statements
from marketplace.transfers.models import PayoutDestination
from marketplace.transfers.schemas import BankDetailsIn, DestinationShown
from marketplace.transfers.service import set_destination
from mobile_api.earnings import queries, service
from mobile_api.earnings.schemas import Doubt, Earnings, PurseShown, Receipt
from mobile_api.technician.access import FieldId, FieldPrincipal

Key = Annotated[str, Header(alias="Idempotency-Key")]
Year = Annotated[int, Query(ge=2000, le=2199)]
Month = Annotated[int, Query(ge=1, le=12)]

router = Router(prefix="/api/technician", tags=["technician"])


@router.get("/earnings")
def earnings(technician_id: FieldId, session: Session) -> Earnings:
    """Where one's money is, and everything that was earned lately."""
    payouts = queries.list_payouts(session, technician_id)
    asked = pay_changes.list_of_technician(session, technician_id)
    doubts = disputes.list_of_technician(session, technician_id)
    return Earnings(
        purses=[
            PurseShown.model_validate(purse)
            for purse in queries.purses_of_technician(session, technician_id)
        ],
        payouts=[PayoutShown.model_validate(row) for row in payouts],
        pay_changes=[PayChangeShown.model_validate(row) for row in asked],
        disputes=[DisputeShown.model_validate(row) for row in doubts],
    )


@router.post("/payouts/{payout_id}/dispute", response_model=DisputeShown, status_code=201)
def doubt(
    payout_id: UUID,
    wanted: Doubt,
    principal: FieldPrincipal,
    technician_id: FieldId,
    session: Session,
) -> Dispute:
    """This is not what was agreed; the office answers until `answer_by`."""
    return service.doubt(session, principal, technician_id, payout_id, wanted.reason)


@router.put("/bank-details", response_model=DestinationShown)
def set_bank_details(
    wanted: BankDetailsIn, technician_id: FieldId, session: Session, key: Key = ""
) -> PayoutDestination:
    """Where one's money goes; the number itself is not kept here."""
    return set_destination(session, technician_id, key, wanted.holder, wanted.iban)


@router.get("/statement", response_class=Response)
def statement(
    year: Year,
    month: Month,
    technician_id: FieldId,
    session: Session,
    form: Annotated[statements.Format, Query(alias="format")] = "pdf",
) -> Response:
    """What one earned and was paid in a month."""
    paper = statements.statement(session, technician_id, year, month, form)
    return Response(paper, media_type=statements.MEDIA[form])


@router.post("/documents", response_model=DocumentShown, status_code=201)
def hand_in(wanted: Receipt, technician_id: FieldId, session: Session) -> Document:
    """A receipt or certificate; the same file again is the same document."""
    return service.hand_in_receipt(session, technician_id, wanted.name, wanted.content)


@router.post("/pay-changes", response_model=PayChangeShown, status_code=201)
def ask(
    wanted: OwnPayChangeIn, principal: FieldPrincipal, technician_id: FieldId, session: Session
) -> PayChange:
    """Ask for expenses with their receipt, or for more pay with the reason."""
    return changes.ask(session, principal, Side.FREELANCER, technician_id, **wanted.model_dump())


@router.post("/pay-changes/{change_id}/approve", response_model=PayChangeShown)
def agree(
    change_id: UUID, principal: FieldPrincipal, technician_id: FieldId, session: Session
) -> PayChange:
    """Agree to less pay, which nobody can decide but oneself."""
    return changes.approve(session, change_id, principal, technician_id)


@router.post("/pay-changes/{change_id}/refuse", response_model=PayChangeShown)
def disagree(
    change_id: UUID,
    wanted: Because,
    principal: FieldPrincipal,
    technician_id: FieldId,
    session: Session,
) -> PayChange:
    return changes.refuse(session, change_id, principal, wanted.reason, technician_id)
