"""The MQTT topics of devices, and what each says about its message; plain Python."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

SUBSCRIPTIONS = (
    "devices/+/readings",
    "devices/+/status",
    "devices/+/commands/answers",
    "v1/devices/+/telemetry",
    "v1/gateway/+/+",
    "spBv1.0/#",
)
ALL_READINGS = SUBSCRIPTIONS[0]


class Format(StrEnum):
    """Which decoder reads a message."""

    OWN = "own"
    STATUS = "status"
    ANSWER = "answer"
    THINGSBOARD = "thingsboard"
    THINGSBOARD_GATEWAY = "thingsboard_gateway"
    THINGSBOARD_CONNECT = "thingsboard_connect"
    THINGSBOARD_DISCONNECT = "thingsboard_disconnect"
    SPARKPLUG = "sparkplug"


@dataclass(frozen=True, slots=True)
class Route:
    """Who speaks in which format. `group`, `kind` and `child` are of Sparkplug."""

    format: Format
    device_id: UUID
    group: str = ""
    kind: str = ""
    child: str = ""


GATEWAY = {
    "telemetry": Format.THINGSBOARD_GATEWAY,
    "connect": Format.THINGSBOARD_CONNECT,
    "disconnect": Format.THINGSBOARD_DISCONNECT,
}


def shared(topic: str) -> str:
    """Spreads messages over ingest processes; only brokers that survive a leaving member get it."""
    return f"$share/ingest/{topic}"


def readings_topic(device_id: UUID) -> str:
    return f"devices/{device_id}/readings"


def status_topic(device_id: UUID) -> str:
    return f"devices/{device_id}/status"


def ack_topic(device_id: UUID) -> str:
    return f"devices/{device_id}/ack"


def commands_topic(device_id: UUID) -> str:
    return f"devices/{device_id}/commands"


def rebirth_topic(route: Route) -> str:
    return f"spBv1.0/{route.group}/NCMD/{route.device_id}"


@lru_cache(20_000)
def route(topic: str) -> Route | None:
    """None for a topic of no device."""
    try:
        match topic.split("/"):
            case ["devices", device, "readings"]:
                return Route(Format.OWN, UUID(device))
            case ["devices", device, "status"]:
                return Route(Format.STATUS, UUID(device))
            case ["devices", device, "commands", "answers"]:
                return Route(Format.ANSWER, UUID(device))
            case ["v1", "devices", device, "telemetry"]:
                return Route(Format.THINGSBOARD, UUID(device))
            case ["v1", "gateway", device, word] if word in GATEWAY:
                return Route(GATEWAY[word], UUID(device))
            case ["spBv1.0", group, kind, node, *rest] if len(rest) < 2:
                return Route(Format.SPARKPLUG, UUID(node), group, kind, "".join(rest))
    except ValueError:
        pass
    return None
