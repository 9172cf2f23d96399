"""Request and response shapes of devices."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from iot_ingest.devices.lifecycle import DeviceStatus
from kernel.http import RequestSchema, Schema


class DeviceIn(RequestSchema):
    asset_id: UUID
    name: str = Field(min_length=1, max_length=200)
    kind: str = Field("sensor", min_length=1, max_length=60)
    external_id: str | None = Field(None, max_length=200)


class DeviceOut(Schema):
    id: UUID
    asset_id: UUID
    name: str
    kind: str
    status: DeviceStatus
    online: bool
    last_seen_at: datetime | None
    version: int


class RegisteredDeviceOut(Schema):
    """`token` is shown this once; the server keeps only its hash."""

    device: DeviceOut
    token: str
    mqtt_topic: str
    ack_topic: str
