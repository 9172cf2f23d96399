"""Shapes of papers."""

from datetime import datetime
from uuid import UUID

from kernel.http import Schema


class DocumentShown(Schema):
    id: UUID
    technician_id: UUID
    name: str
    media_type: str
    size_bytes: int
    created_at: datetime
