"""Shapes of changes of pay."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema
from kernel.shapes import Reason
from marketplace.pay_changes.lifecycle import PayChangeKind, PayChangeStatus, Side

Amount = Annotated[int, Field(ge=-10_000_000, le=10_000_000)]


class OwnPayChangeIn(RequestSchema):
    """What a freelancer asks for: an expense with its receipt, or an adjustment."""

    kind: PayChangeKind
    amount_cents: Amount
    reason: Reason
    visit_id: UUID | None = None
    document_id: UUID | None = None


class PayChangeIn(OwnPayChangeIn):
    technician_id: UUID


class PayChangeShown(Schema):
    id: UUID
    technician_id: UUID
    visit_id: UUID | None
    kind: PayChangeKind
    status: PayChangeStatus
    amount_cents: int
    currency: str
    reason: str
    document_id: UUID | None
    side: Side
    answer: str
    payout_id: UUID | None
    created_at: datetime
