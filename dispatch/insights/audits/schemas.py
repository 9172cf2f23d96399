"""Shape of an audit entry."""

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.http import Schema


class AuditEntryOut(Schema):
    """`changes` maps a column to [before, after], or to its value where a record was made."""

    id: int
    at: datetime
    actor: str
    why: str | None
    device_at: datetime | None
    table_name: str
    record_id: UUID
    record_version: int
    action: str
    changes: dict[str, Any]
