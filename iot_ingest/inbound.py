"""From topics and bytes to what the pipeline takes: which decoder reads what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from iot_ingest.broker.connection import Delivery
from iot_ingest.devices.topics import Format, Route, rebirth_topic, route
from iot_ingest.gateways import service as gateways
from iot_ingest.gateways.service import FromNode
from iot_ingest.intake.service import Incoming
from iot_ingest.readings.decoders import own_json, sparkplug, thingsboard
from iot_ingest.readings.messages import DecodedMessage, Undecodable
from iot_ingest.readings.quality import Drop

KINDS = {kind.value: kind for kind in sparkplug.Kind}


@dataclass(slots=True)
class Inbound:
    """A batch as the pipeline takes it, and what (topic, payload) is said back at once."""

    incoming: list[Incoming] = field(default_factory=list)
    replies: list[tuple[str, bytes]] = field(default_factory=list)


def read(session: Session, batch: Sequence[Delivery], *, is_proven: bool) -> Inbound:
    """Decode a batch. What nothing can read is handed on as undecodable, to be counted."""
    inbound, of_nodes = Inbound(), list[tuple[Route, FromNode, Delivery]]()
    for delivery in batch:
        found = route(delivery.topic)
        if found is not None and found.format is Format.SPARKPLUG:
            if found.kind in KINDS:
                item = FromNode(found.device_id, KINDS[found.kind], found.child, delivery.payload)
                of_nodes.append((found, item, delivery))
            elif not found.kind.endswith("CMD"):
                inbound.incoming.append(_incoming(found.device_id, None, delivery, is_proven))
        else:
            inbound.incoming += incoming_of(delivery, is_proven=is_proven)
    if of_nodes:
        _read_sparkplug(session, of_nodes, inbound, is_proven)
    return inbound


def incoming_of(delivery: Delivery, *, is_proven: bool) -> list[Incoming]:
    """Of every format that needs no memory; the topic says which device speaks."""
    found = route(delivery.topic)
    if found is None:
        return [Incoming(None, None, is_proven, topic=delivery.topic, payload=delivery.payload)]
    try:
        messages = _decoded(found.format, delivery.payload)
    except Undecodable:
        return [_incoming(found.device_id, None, delivery, is_proven)]
    return [_incoming(found.device_id, each, delivery, is_proven) for each in messages]


def _incoming(
    device_id: UUID,
    message: DecodedMessage | None,
    delivery: Delivery,
    is_proven: bool,
    drops: tuple[tuple[Drop, int], ...] = (),
) -> Incoming:
    return Incoming(
        device_id,
        message,
        is_proven,
        topic=delivery.topic,
        payload=delivery.payload,
        drops=drops,
    )


def _decoded(format: Format, payload: bytes) -> list[DecodedMessage]:
    match format:
        case Format.OWN:
            return [own_json.decode(payload)]
        case Format.STATUS:
            return [own_json.decode_status(payload)]
        case Format.ANSWER:
            return [own_json.decode_answer(payload)]
        case Format.THINGSBOARD:
            return [thingsboard.decode(payload)]
        case Format.THINGSBOARD_GATEWAY:
            return thingsboard.decode_gateway(payload)
        case Format.THINGSBOARD_CONNECT:
            return [thingsboard.decode_presence(payload, online=True)]
        case Format.THINGSBOARD_DISCONNECT:
            return [thingsboard.decode_presence(payload, online=False)]
        case Format.SPARKPLUG:
            raise Undecodable("Sparkplug is read in its session.")


def _read_sparkplug(
    session: Session,
    items: Sequence[tuple[Route, FromNode, Delivery]],
    inbound: Inbound,
    is_proven: bool,
) -> None:
    if not is_proven:  # such messages carry no token: without a broker that checks, anybody's
        for _, item, delivery in items:
            empty = DecodedMessage(boot_id=None, seq=None, readings=())
            inbound.incoming.append(_incoming(item.node_id, empty, delivery, is_proven))
        return
    understood = gateways.understand(session, [item for _, item, _ in items])
    for (_, item, delivery), messages in zip(items, understood.messages, strict=True):
        for message in [None] if messages is None else messages:
            inbound.incoming.append(_incoming(item.node_id, message, delivery, is_proven))
    for node_id, times in understood.unknown_aliases:
        nothing = DecodedMessage(boot_id=None, seq=None, readings=())
        inbound.incoming.append(
            Incoming(node_id, nothing, is_proven, drops=((Drop.UNKNOWN_ALIAS, times),))
        )
    routes = {found.device_id: found for found, _, _ in items}
    inbound.replies += [
        (rebirth_topic(routes[node_id]), sparkplug.rebirth_command())
        for node_id in understood.rebirths
    ]
