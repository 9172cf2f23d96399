"""The pipeline that every message goes through, whichever way it came."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from iot_ingest import metrics
from iot_ingest.alerts import service as alerts
from iot_ingest.devices import queries as devices
from iot_ingest.devices.lifecycle import DeviceStatus
from iot_ingest.devices.queries import KnownDevice
from iot_ingest.devices.service import Heard, lock_contacts, note_contact
from iot_ingest.devices.tokens import is_token
from iot_ingest.readings import service as readings
from iot_ingest.readings.messages import DecodedMessage
from iot_ingest.readings.quality import Drop, GoodReading, judge
from iot_ingest.readings.queries import Boot
from iot_ingest.readings.service import Identity
from iot_ingest.rules import service as rules
from iot_ingest.rules.service import DeviceReading
from kernel import clock

NOBODY = UUID(int=0)
UNCOUNTED = ""
"""The boot id of messages that carry none; they are told apart by a hash of their content,
and of when they came where a reading has no time."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message with the device it claims to be from; `message` is None if it was undecodable.

    `is_proven` says that the transport has checked the device already (a bearer token, a broker
    with logins and topic rules); otherwise the message must carry the device's token.
    """

    device_id: UUID | None
    message: DecodedMessage | None
    is_proven: bool


@dataclass(frozen=True, slots=True)
class Ack:
    """Every message of this boot up to `seq` is stored: the device may forget them."""

    device_id: UUID
    boot_id: str
    seq: int


@dataclass(slots=True)
class Outcome:
    """What became of a batch, counted in readings and dropped things."""

    accepted: int = 0
    dropped: Counter[Drop] = field(default_factory=Counter)
    acks: list[Ack] = field(default_factory=list)


class _Admitted(NamedTuple):
    device: KnownDevice
    message: DecodedMessage
    identity: Identity


class _Batch:
    """One call of `ingest` on its way through the steps."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.drops: Counter[tuple[UUID, Drop]] = Counter()

    def drop(self, device_id: UUID, reason: Drop, times: int = 1) -> None:
        if times:
            self.drops[device_id, reason] += times


def ingest(session: Session, messages: Sequence[Incoming]) -> Outcome:
    """Take a batch in: each message once, its good readings stored, alerts raised, all in this
    transaction. A repeated, reordered or partly repeated batch changes nothing twice.
    """
    batch = _Batch(session, clock.now(session))
    admitted = _admit(batch, messages)
    lock_contacts(session, {item.device.id for item in admitted})
    fresh = _take_once(batch, admitted)
    good = [(item.device, reading) for item in fresh for reading in _pass_quality_gate(batch, item)]
    stored = readings.store(session, [(device.id, reading) for device, reading in good])
    _count_repeated_readings(batch, good, stored)
    alerts.apply(session, rules.evaluate(session, [_for_rules(*pair) for pair in good]))
    acks = _acknowledge(batch, admitted)
    _note_who_was_heard(batch, fresh)
    return _report(batch, len(fresh), stored, acks)


def _admit(batch: _Batch, messages: Sequence[Incoming]) -> list[_Admitted]:
    """Known, active devices that are who they say they are."""
    claimed = {item.device_id for item in messages if item.device_id is not None}
    known = devices.known_devices(batch.session, claimed)
    admitted = []
    for item in messages:
        device = known.get(item.device_id) if item.device_id else None
        reason = _reason_to_refuse(item, device)
        if reason is not None:
            batch.drop(device.id if device else NOBODY, reason)
        elif device is not None and item.message is not None:
            identity = _identity(device.id, item.message, batch.now)
            admitted.append(_Admitted(device, item.message, identity))
    return admitted


def _reason_to_refuse(item: Incoming, device: KnownDevice | None) -> Drop | None:
    if device is None:
        return Drop.UNKNOWN_DEVICE
    if device.status is not DeviceStatus.ACTIVE:
        return Drop.REVOKED_DEVICE
    if item.message is None:
        return Drop.UNDECODABLE
    if not item.is_proven and not is_token(item.message.token, device.token_hash):
        return Drop.WRONG_TOKEN
    if item.message.device_id not in (None, str(device.id)):
        return Drop.WRONG_DEVICE
    return None


def _identity(device_id: UUID, message: DecodedMessage, now: datetime) -> Identity:
    if message.boot_id is not None and message.seq is not None:
        return device_id, message.boot_id, message.seq
    # A reading without a time is one of now: the same value later is another reading.
    times = [now if r.ts is None else r.ts for r in message.readings]
    content = repr(
        [(r.metric, ts, r.value) for r, ts in zip(message.readings, times, strict=True)]
    ).encode()
    digest = hashlib.sha256(content).digest()
    return device_id, UNCOUNTED, int.from_bytes(digest[:8]) >> 1


def _take_once(batch: _Batch, admitted: Sequence[_Admitted]) -> list[_Admitted]:
    """The messages that were never seen, in the order they came."""
    if not admitted:
        return []
    new = readings.note_messages(batch.session, {item.identity for item in admitted})
    fresh = []
    for item in admitted:
        if item.identity in new:
            new.remove(item.identity)  # the same message twice in one batch
            fresh.append(item)
        else:
            batch.drop(item.device.id, Drop.DUPLICATE_MESSAGE)
    return fresh


def _pass_quality_gate(batch: _Batch, item: _Admitted) -> Iterator[GoodReading]:
    for raw in item.message.readings:
        verdict = judge(raw, batch.now)
        if isinstance(verdict, Drop):
            batch.drop(item.device.id, verdict)
        else:
            yield verdict


def _count_repeated_readings(
    batch: _Batch, good: Sequence[tuple[KnownDevice, GoodReading]], stored: int
) -> None:
    """The store says how many, not which; the first sender of the batch stands for them."""
    if stored < len(good):
        senders = {device.id for device, _ in good}
        sender = senders.pop() if len(senders) == 1 else NOBODY
        batch.drop(sender, Drop.DUPLICATE_READING, len(good) - stored)


def _for_rules(device: KnownDevice, reading: GoodReading) -> DeviceReading:
    return DeviceReading(
        device_id=device.id,
        asset_id=device.asset_id,
        asset_model=device.asset_model,
        metric=reading.metric,
        ts=reading.ts,
        value=reading.value,
    )


def _acknowledge(batch: _Batch, admitted: Sequence[_Admitted]) -> list[Ack]:
    """Also for repeated messages: the device repeats because it missed the acknowledgement."""
    counted = [item for item in admitted if item.message.is_counted]
    if not counted:
        return []
    stored: dict[Boot, list[int]] = {}
    oldest: dict[Boot, int] = {}
    for item in counted:
        boot, seq = item.identity[:2], item.identity[2]
        stored.setdefault(boot, []).append(seq)
        if item.message.oldest:
            oldest[boot] = max(oldest.get(boot, 0), item.message.oldest)
    progress = readings.advance_progress(batch.session, stored, oldest)
    return [Ack(device_id, boot_id, seq) for (device_id, boot_id), seq in progress.items()]


def _note_who_was_heard(batch: _Batch, fresh: Sequence[_Admitted]) -> None:
    heard = {item.device.id: Heard(item.message.boot_id, item.message.seq) for item in fresh}
    if heard:
        note_contact(batch.session, heard, batch.now)


def _report(batch: _Batch, messages: int, stored: int, acks: list[Ack]) -> Outcome:
    readings.count_drops(batch.session, batch.drops, batch.now.date())
    dropped: Counter[Drop] = Counter()
    for (_, reason), times in batch.drops.items():
        dropped[reason] += times
        metrics.DROPPED.labels(str(reason)).inc(times)
    metrics.MESSAGES.inc(messages)
    metrics.READINGS.inc(stored)
    return Outcome(accepted=stored, dropped=dropped, acks=acks)
