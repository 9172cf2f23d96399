"""Response shapes of what was dropped or marked."""

from datetime import datetime
from uuid import UUID

from iot_ingest.readings.quality import Drop
from kernel.http import Schema


class DropsOut(Schema):
    """How much was dropped or marked in the last `days`, by reason."""

    days: int
    dropped: dict[str, int]


class MarkOut(Schema):
    """`stuck_sensor`: the metric has had one value from `since` to `until` (None: it still has);
    `counter_reset`: a counter began anew, `fell_by` lower."""

    metric: str
    reason: Drop
    since: datetime
    until: datetime | None
    fell_by: float | None


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
