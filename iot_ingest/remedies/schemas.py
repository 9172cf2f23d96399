"""Response shapes of remedies."""

from uuid import UUID

from iot_ingest.remedies.lifecycle import RemedyKind, RemedyStatus
from kernel.http import Schema


class RemedyOut(Schema):
    """`words` gives the reason in English and German."""

    id: UUID
    version: int
    alert_id: UUID
    incident_id: UUID
    customer_id: UUID
    kind: RemedyKind
    status: RemedyStatus
    cost_cents: int
    currency: str
    reason: str
    words: dict[str, str]
    decided_by: str | None
