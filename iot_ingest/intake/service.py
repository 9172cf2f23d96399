"""The pipeline that every message goes through, whichever way it came."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from iot_ingest import metrics
from iot_ingest.alerts import openings
from iot_ingest.devices import queries as devices
from iot_ingest.devices.lifecycle import DeviceStatus
from iot_ingest.devices.queries import KnownDevice
from iot_ingest.devices.service import (
    Contact,
    Heard,
    lock_contacts,
    note_contact,
    note_presence,
)
from iot_ingest.devices.tokens import is_token
from iot_ingest.intake.marking import Marking, reasons_of
from iot_ingest.readings import service as readings
from iot_ingest.readings.messages import DecodedMessage
from iot_ingest.readings.quality import Drop, GoodReading, judge
from iot_ingest.readings.queries import Boot
from iot_ingest.readings.service import Identity, Letter
from iot_ingest.remote_commands import service as commands
from iot_ingest.rules import service as rules
from iot_ingest.rules.service import DeviceReading
from kernel import clock

NOBODY = UUID(int=0)
UNCOUNTED = ""
"""The boot id of messages that carry none; they are told apart by a hash of their content,
and of when they came where a reading has no time."""


class Incoming(msgspec.Struct, frozen=True):
    """A message with the device it claims to be from; `message` is None if it was undecodable.

    `is_proven` says that the transport has checked the device already (a bearer token, a broker
    with logins and topic rules); otherwise the message must carry the device's token.
    """

    device_id: UUID | None
    message: DecodedMessage | None
    is_proven: bool
    topic: str = ""
    payload: bytes = b""
    drops: tuple[tuple[Drop, int], ...] = ()
    """What the decoder had to leave out."""


class Ack(msgspec.Struct, frozen=True):
    """Every message of this boot up to `seq` is stored: the device may forget them."""

    device_id: UUID
    boot_id: str
    seq: int


@dataclass(slots=True)
class Outcome:
    """What became of a batch, counted in readings and dropped things."""

    accepted: int = 0
    dropped: Counter[Drop] = field(default_factory=Counter)
    marked: Counter[Drop] = field(default_factory=Counter)
    """Readings that are stored all the same."""
    acks: list[Ack] = field(default_factory=list)


class _Admitted(NamedTuple):
    device: KnownDevice
    message: DecodedMessage
    identity: Identity
    source: Incoming


class _Judged(NamedTuple):
    """A good reading, and whether a counter begins anew with it."""

    item: _Admitted
    reading: GoodReading
    restarts: bool = False


class _Batch:
    """One call of `ingest` on its way through the steps."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.minute = int(clock.real_now().timestamp() // 60)
        self.drops: Counter[tuple[UUID, Drop]] = Counter()
        self.letters: list[Letter] = []

    def drop(
        self, device_id: UUID, reason: Drop, times: int = 1, source: Incoming | None = None
    ) -> None:
        if not times:
            return
        self.drops[device_id, reason] += times
        if source is not None and self.drops[device_id, reason] <= readings.MOST_LETTERS:
            self.letters.append(Letter(device_id, reason, source.topic, source.payload))


def ingest(session: Session, messages: Sequence[Incoming]) -> Outcome:
    """Take a batch in: each message once, its good readings stored, alerts raised, all in this
    transaction. A repeated, reordered or partly repeated batch changes nothing twice.
    """
    batch = _Batch(session, clock.now(session))
    admitted = _admit(batch, messages)
    contacts = lock_contacts(session, {item.device.id for item in admitted})
    admitted, used = _within_quota(batch, admitted, contacts)
    _note_who_came_or_went(batch, admitted, contacts)
    _take_answers(batch, admitted)
    fresh = _take_once(batch, [item for item in admitted if item.message.is_telemetry])
    marking = Marking(contacts)
    good = _mark(batch, marking, [one for item in fresh for one in _pass_quality_gate(batch, item)])
    stored = readings.store(session, [(one.item.device.id, one.reading) for one in good])
    _count_repeated_readings(batch, good, stored)
    openings.apply(session, rules.evaluate(session, [_for_rules(one) for one in good]))
    acks = _acknowledge(batch, admitted)
    _note_who_was_heard(batch, fresh, used, marking.to_json())
    return _report(batch, len(fresh), stored, acks)


def _admit(batch: _Batch, messages: Sequence[Incoming]) -> list[_Admitted]:
    """Known, active devices that are who they say they are."""
    claimed = {item.device_id for item in messages if item.device_id is not None}
    known = devices.known_devices(batch.session, claimed)
    children = devices.children_of(
        batch.session,
        {
            (item.device_id, item.message.child)
            for item in messages
            if item.device_id is not None and item.message is not None and item.message.child
        },
    )
    admitted = []
    for item in messages:
        sender = known.get(item.device_id) if item.device_id else None
        reason = _reason_to_refuse(item, sender)
        device = sender
        if reason is None and sender and item.message and item.message.child:
            device = children.get((sender.id, item.message.child))
            reason = _reason_to_refuse_child(device)
        if reason is not None:
            batch.drop(sender.id if sender else NOBODY, reason, source=item)
        elif device is not None and item.message is not None:
            identity = _identity(device.id, item.message, batch.now)
            admitted.append(_Admitted(device, item.message, identity, item))
            for left_out, times in item.drops:
                batch.drop(device.id, left_out, times, item)
    return admitted


def _reason_to_refuse_child(device: KnownDevice | None) -> Drop | None:
    if device is None:
        return Drop.UNKNOWN_CHILD
    return None if device.status is DeviceStatus.ACTIVE else Drop.REVOKED_DEVICE


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


def _within_quota(
    batch: _Batch, admitted: Sequence[_Admitted], contacts: Mapping[UUID, Contact]
) -> tuple[list[_Admitted], dict[UUID, int]]:
    """What each device may still send in this minute, and how many each has sent then."""
    used = {
        device_id: contact.minute_messages if contact.minute == batch.minute else 0
        for device_id, contact in contacts.items()
    }
    kept = []
    for item in admitted:
        device = item.device
        if item.message.online is False:  # a last will is heard of whoever said too much
            kept.append(item)
            continue
        sent = used.get(device.id, 0) + 1
        if sent > device.messages_per_minute:
            batch.drop(device.id, Drop.OVER_QUOTA, source=item.source)
        else:
            used[device.id] = sent
            kept.append(item)
    return kept, used


def _note_who_came_or_went(
    batch: _Batch, admitted: Sequence[_Admitted], contacts: Mapping[UUID, Contact]
) -> None:
    said = {
        item.device.id: item.message.online for item in admitted if item.message.online is not None
    }
    changed = {
        device_id: online
        for device_id, online in said.items()
        if device_id in contacts and contacts[device_id].online is not online
    }
    if changed:
        note_presence(batch.session, changed)


def _take_answers(batch: _Batch, admitted: Sequence[_Admitted]) -> None:
    for item in admitted:
        answer = item.message.answer
        if answer is not None and not commands.take_answer(
            batch.session,
            item.device.id,
            answer.command_id,
            ok=answer.ok,
            result=answer.result,
        ):
            batch.drop(item.device.id, Drop.UNKNOWN_COMMAND, source=item.source)


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


def _pass_quality_gate(batch: _Batch, item: _Admitted) -> Iterator[_Judged]:
    for raw in item.message.readings:
        verdict = judge(raw, batch.now)
        if isinstance(verdict, Drop):
            batch.drop(item.device.id, verdict, source=item.source)
        else:
            yield _Judged(item, verdict)


def _mark(batch: _Batch, marking: Marking, good: list[_Judged]) -> list[_Judged]:
    """In order of time, with what is remarkable counted. A sensor that is stuck sends one letter,
    not one for each reading."""
    good.sort(key=lambda one: one.reading.ts)
    for at, (item, reading, _) in enumerate(good):
        noted = marking.take(item.device.id, reading)
        if noted is None:
            continue
        is_news = noted.begins or noted.fell_by is not None
        for reason in reasons_of(noted):
            batch.drop(item.device.id, reason, source=item.source if is_news else None)
        if noted.fell_by is not None:
            good[at] = _Judged(item, reading, restarts=True)
    readings.keep_marks(batch.session, marking.begun, marking.ended)
    return good


def _count_repeated_readings(batch: _Batch, good: Sequence[_Judged], stored: int) -> None:
    """The store says how many, not which; the first sender of the batch stands for them."""
    if stored < len(good):
        senders = {one.item.device.id for one in good}
        sender = senders.pop() if len(senders) == 1 else NOBODY
        batch.drop(sender, Drop.DUPLICATE_READING, len(good) - stored)


def _for_rules(judged: _Judged) -> DeviceReading:
    device, reading = judged.item.device, judged.reading
    return DeviceReading(
        device_id=device.id,
        asset_id=device.asset_id,
        asset_model=device.asset_model,
        metric=reading.metric,
        ts=reading.ts,
        value=reading.value,
        restarts=judged.restarts,
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


def _note_who_was_heard(
    batch: _Batch,
    fresh: Sequence[_Admitted],
    used: Mapping[UUID, int],
    habits: Mapping[UUID, str],
) -> None:
    heard = {device_id: Heard(None, None, messages) for device_id, messages in used.items()}
    for item in fresh:
        device_id, message = item.device.id, item.message
        heard[device_id] = Heard(
            message.boot_id, message.seq, used[device_id], habits.get(device_id)
        )
    if heard:
        note_contact(batch.session, heard, batch.now, batch.minute)


def _report(batch: _Batch, messages: int, stored: int, acks: list[Ack]) -> Outcome:
    readings.count_drops(batch.session, batch.drops, batch.letters, batch.now.date())
    outcome = Outcome(accepted=stored, acks=acks)
    for (_, reason), times in batch.drops.items():
        if reason.is_stored:
            outcome.marked[reason] += times
            metrics.MARKED.labels(str(reason)).inc(times)
        else:
            outcome.dropped[reason] += times
            metrics.DROPPED.labels(str(reason)).inc(times)
    metrics.MESSAGES.inc(messages)
    metrics.READINGS.inc(stored)
    return outcome
