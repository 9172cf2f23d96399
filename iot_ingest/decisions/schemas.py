"""Response shapes of decisions."""

from uuid import UUID

from kernel.http import Schema


class ReviewedOut(Schema):
    id: UUID
    version: int
    triage_reason: str | None
    work_order_id: UUID | None
