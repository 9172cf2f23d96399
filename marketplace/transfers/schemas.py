"""Shapes of payout runs, transfers and bank details."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from kernel.http import RequestSchema, Schema
from kernel.shapes import Name
from marketplace.transfers.lifecycle import TransferStatus


class PayoutRunShown(Schema):
    """`left_out` are owed money and have not said where it should go."""

    id: UUID
    created_at: datetime
    transfer_count: int
    left_out: list[UUID]


class TransferShown(Schema):
    id: UUID
    run_id: UUID
    payee_id: UUID
    status: TransferStatus
    amount_cents: int
    currency: str
    reference: str | None
    settled_at: datetime | None
    message: str
    created_at: datetime


class PayeeShown(Schema):
    """`through` is the company that is paid in a person's place; `bank` the name of the bank
    details, none: nothing can be sent yet."""

    id: UUID
    name: str
    is_company: bool
    through: UUID | None
    bank: str | None


class BankDetailsIn(RequestSchema):
    """The number goes to the payment provider and is not kept here."""

    holder: Name
    iban: Annotated[str, StringConstraints(min_length=15, max_length=42)]


class DestinationShown(Schema):
    payee_id: UUID
    label: str
    updated_at: datetime
