"""Request and response shapes of devices."""

from datetime import datetime
from uuid import UUID

from pydantic import Field, model_validator

from iot_ingest.devices.lifecycle import DeviceStatus
from kernel.http import RequestSchema, Schema


class DeviceIn(RequestSchema):
    """`gateway_name`: how the gateway `gateway_id` calls the device."""

    asset_id: UUID
    name: str = Field(min_length=1, max_length=200)
    kind: str = Field("sensor", min_length=1, max_length=60)
    external_id: str | None = Field(None, max_length=200)
    gateway_id: UUID | None = None
    gateway_name: str | None = Field(None, min_length=1, max_length=200)
    messages_per_minute: int = Field(6_000, ge=1, le=1_000_000)

    @model_validator(mode="after")
    def behind_a_gateway_wholly_or_not(self) -> "DeviceIn":
        if (self.gateway_id is None) != (self.gateway_name is None):
            raise ValueError("gateway_id and gateway_name come together or not at all")
        return self


class DeviceOut(Schema):
    id: UUID
    asset_id: UUID
    asset_name: str
    customer_name: str
    name: str
    kind: str
    status: DeviceStatus
    online: bool
    last_seen_at: datetime | None
    gateway_id: UUID | None
    gateway_name: str | None
    messages_per_minute: int
    version: int


class RegisteredDeviceOut(Schema):
    """`token` is shown this once; the server keeps only its hash."""

    device: DeviceOut
    token: str
    mqtt_topic: str
    ack_topic: str
