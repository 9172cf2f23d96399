"""Shapes of payouts, for the office and for who earned them."""

from datetime import datetime
from uuid import UUID

from pydantic import computed_field

from kernel.http import RequestSchema, Schema
from kernel.shapes import Reason
from marketplace.payouts.lifecycle import PAYOUT, PayoutKind, PayoutStatus


class PayoutShown(Schema):
    """`moves` are the states it can legally go to from here."""

    id: UUID
    version: int
    technician_id: UUID
    payee_id: UUID
    visit_id: UUID | None
    kind: PayoutKind
    status: PayoutStatus
    amount_cents: int
    currency: str
    approve_by: datetime | None
    note: str
    transfer_id: UUID | None
    created_at: datetime

    @computed_field  # type: ignore[prop-decorator]  # pydantic documents it on properties
    @property
    def moves(self) -> list[PayoutStatus]:
        under_way = self.transfer_id is not None and self.status is not PayoutStatus.PAID
        return [] if under_way else list(PAYOUT.moves_from(self.status))


class Because(RequestSchema):
    reason: Reason
