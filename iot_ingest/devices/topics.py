"""The MQTT topics of a device; plain Python."""

from functools import lru_cache
from uuid import UUID

ALL_READINGS = "devices/+/readings"
# Spreads messages over ingest processes; only brokers that survive a leaving member get it.
SHARED_READINGS = f"$share/ingest/{ALL_READINGS}"


def readings_topic(device_id: UUID) -> str:
    return f"devices/{device_id}/readings"


def ack_topic(device_id: UUID) -> str:
    return f"devices/{device_id}/ack"


@lru_cache(20_000)
def device_of(topic: str) -> UUID | None:
    """The device that a readings topic belongs to; None for any other topic."""
    parts = topic.split("/")
    if len(parts) != 3 or parts[0] != "devices" or parts[2] != "readings":
        return None
    try:
        return UUID(parts[1])
    except ValueError:
        return None
