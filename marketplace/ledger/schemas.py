"""Shapes of the ledger."""

from datetime import datetime
from uuid import UUID

from kernel.http import Schema
from marketplace.ledger.lifecycle import AccountKind, Movement


class BalanceShown(Schema):
    account: AccountKind
    holder_id: UUID | None
    currency: str
    cents: int


class LineShown(Schema):
    account: AccountKind
    holder_id: UUID | None
    cents: int


class EntryShown(Schema):
    """`work_order` is the number of the visit's."""

    id: UUID
    created_at: datetime
    movement: Movement
    key: str
    currency: str
    visit_id: UUID | None
    work_order: str | None
    subject_id: UUID | None
    reverses_id: UUID | None
    lines: list[LineShown]
