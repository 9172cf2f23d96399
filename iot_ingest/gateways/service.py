"""Read what Sparkplug edge nodes send, each in its session, and ask them for a birth if need be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from iot_ingest.devices import queries as devices
from iot_ingest.gateways import queries
from iot_ingest.gateways.models import SparkplugState
from iot_ingest.readings.decoders import sparkplug
from iot_ingest.readings.decoders.sparkplug import Kind, SparkplugSession
from iot_ingest.readings.messages import DecodedMessage, Undecodable
from kernel.clock import real_now

ASK_AGAIN_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class FromNode:
    """One Sparkplug message as it came; `device` is "" where the node speaks for itself."""

    node_id: UUID
    kind: Kind
    device: str
    payload: bytes


@dataclass(slots=True)
class Understood:
    """For each message what it said (None: undecodable), and whom to ask for a birth."""

    messages: list[list[DecodedMessage] | None] = field(default_factory=list)
    unknown_aliases: list[tuple[UUID, int]] = field(default_factory=list)
    rebirths: set[UUID] = field(default_factory=set)


def understand(session: Session, items: Sequence[FromNode]) -> Understood:
    """Read messages in the order they came and keep the sessions in this transaction.

    Nodes that are no device of ours are not remembered; intake counts their messages.
    """
    understood = Understood()
    known = devices.known_devices(session, {item.node_id for item in items})
    _ensure_states(session, sorted(known))
    states = queries.lock_states(session, known)
    sessions = {
        node_id: msgspec.convert(state.session, SparkplugSession, strict=False)
        for node_id, state in states.items()
    }
    for item in items:
        node = sessions.get(item.node_id)
        if node is None:
            understood.messages.append([DecodedMessage(boot_id=None, seq=None, readings=())])
            continue
        try:
            read = sparkplug.decode(item.kind, item.device, item.payload, node)
        except Undecodable:
            understood.messages.append(None)
            continue
        understood.messages.append(read.messages)
        if read.unknown_aliases:
            understood.unknown_aliases.append((item.node_id, read.unknown_aliases))
        if read.needs_rebirth and _may_ask(states[item.node_id]):
            understood.rebirths.add(item.node_id)
    for node_id, node in sessions.items():
        states[node_id].session = _as_json(node)
    session.flush()
    return understood


def _ensure_states(session: Session, node_ids: Sequence[UUID]) -> None:
    if node_ids:
        empty = _as_json(SparkplugSession())
        session.execute(
            insert(SparkplugState).on_conflict_do_nothing(),
            [{"device_id": node_id, "session": empty} for node_id in node_ids],
        )


def _may_ask(state: SparkplugState) -> bool:
    now = real_now()
    if state.rebirth_asked_at is not None and now - state.rebirth_asked_at < ASK_AGAIN_AFTER:
        return False
    state.rebirth_asked_at = now
    return True


def _as_json(session: SparkplugSession) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(session))
    return made
