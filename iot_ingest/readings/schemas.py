"""Response shapes of what was dropped."""

from datetime import datetime
from uuid import UUID

from kernel.http import Schema


class DropsOut(Schema):
    """How much was dropped in the last `days`, by reason."""

    days: int
    dropped: dict[str, int]


class DeadLetterOut(Schema):
    """A dropped message; `payload` is its beginning as text, `size` the bytes it had. The nil id
    stands for a sender that is no device of ours."""

    id: UUID
    received_at: datetime
    device_id: UUID
    reason: str
    topic: str
    payload: str
    size: int
