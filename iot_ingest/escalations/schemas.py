"""Response shapes of escalations."""

from datetime import datetime
from uuid import UUID

from iot_ingest.escalations.lifecycle import EscalationKind
from kernel.http import Schema


class EscalationOut(Schema):
    """`words` say per language what waits; `told` is how many people were written to."""

    id: UUID
    version: int
    kind: EscalationKind
    alert_id: UUID | None
    rule_id: UUID | None
    territory_id: UUID | None
    level: int
    words: dict[str, str]
    told: int
    raised_at: datetime
    settled_at: datetime | None
