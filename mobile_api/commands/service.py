"""Applies what a phone did offline: each command once, in order, none in another's way.

The order is the phone's: a command that comes after a later one has been dealt with is refused
as `overtaken`, so that the state is always that of some commands applied in their sequence.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.service import lock_schedule
from kernel.db import because
from kernel.errors import DomainError, NotFound, Unavailable
from kernel.log import get_logger
from mobile_api.commands import queries
from mobile_api.commands.kinds import KINDS, Command
from mobile_api.commands.lifecycle import CommandOutcome, ResultStatus
from mobile_api.commands.models import DeviceCommand, FieldDevice
from mobile_api.values import plausible

log = get_logger(__name__)

LARGEST_SEQ = 2**53
_LASTING = ("22", "23", "FF")
"""SQLSTATE classes of refusals that a repetition would meet again: data, constraints, ours."""


@dataclass(frozen=True)
class Result:
    """The answer to one command; a duplicate tells the outcome of the first try."""

    seq: int | None
    id: str | None
    status: ResultStatus
    outcome: str | None = None
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class Gap:
    """Sequence numbers that have not come, both ends included."""

    first_seq: int
    last_seq: int


@dataclass
class Reply:
    """What a phone is told about its batch."""

    highest_seq: int = 0
    results: list[Result] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


@dataclass(frozen=True)
class _Verdict:
    outcome: CommandOutcome
    code: str | None = None
    message: str | None = None


def apply_batch(
    session: Session, technician_id: UUID, device_id: UUID, sent: Sequence[Any]
) -> Reply:
    """Deal with every command of the batch in the phone's order, each in its own savepoint.

    Raises only what makes the whole batch worth sending again (the database is away or busy),
    and NotFound when the device is another technician's.
    """
    device = _claim(session, device_id, technician_id)
    reply = Reply()
    commands: list[tuple[int, Any, Command | ValidationError]] = []
    for raw in sent:
        seq = _seq_of(raw)
        if seq is None:
            reply.results.append(_without_place(raw))
        else:
            commands.append((seq, raw, _parse(raw)))
    _lock_ahead(session, technician_id, [c for _, _, c in commands if isinstance(c, Command)])
    known = queries.list_known(session, device_id, [seq for seq, _, _ in commands])
    fresh: list[DeviceCommand] = []
    highest = device.highest_seq
    for seq, raw, command in sorted(commands, key=lambda entry: entry[0]):
        if seq in known:
            reply.results.append(_repeat(known[seq], command))
            continue
        if seq > highest + 1:
            reply.gaps.append(Gap(highest + 1, seq - 1))
        in_order = seq > highest
        verdict = _try(session, technician_id, command, seq) if in_order else _overtaken()
        highest = max(highest, seq)
        known[seq] = _as_row(device_id, seq, raw, command, verdict)
        fresh.append(known[seq])
        reply.results.append(_first_result(known[seq]))
    because(session, None)
    # All at once: what was dealt with and how far, in two statements instead of two a command.
    session.add_all(fresh)
    device.highest_seq = reply.highest_seq = highest
    session.flush()
    return reply


def _claim(session: Session, device_id: UUID, technician_id: UUID) -> FieldDevice:
    session.execute(
        insert(FieldDevice)
        .values(device_id=device_id, technician_id=technician_id)
        .on_conflict_do_nothing()
    )
    device = queries.lock_device(session, device_id)
    if device.technician_id != technician_id:
        raise NotFound("device", device_id)
    return device


def _lock_ahead(session: Session, technician_id: UUID, commands: Iterable[Command]) -> None:
    """Take every row lock of the batch now, in the one order, whatever order commands come in."""
    listed = list(commands)
    offer_ids = [_offer_id(command) for command in listed]
    visit_ids = queries.list_touched_visits(
        session,
        technician_id,
        {command.visit_id for command in listed if command.visit_id is not None},
        {offer_id for offer_id in offer_ids if offer_id is not None},
    )
    lock_schedule(session, visit_ids, [technician_id])


def _offer_id(command: Command) -> UUID | None:
    try:
        return UUID(str(command.payload.get("offer_id")))
    except ValueError:
        return None


def _try(
    session: Session, technician_id: UUID, command: Command | ValidationError, seq: int
) -> _Verdict:
    if isinstance(command, ValidationError):
        return _malformed(command)
    kind = KINDS.get(command.kind)
    if kind is None:
        return _refused("unknown_kind", f"This app sent something unknown: {command.kind}.")
    try:
        with session.begin_nested():
            because(session, f"offline command {seq}", device_at=plausible(command.at))
            kind.run(session, technician_id, command)
    except Unavailable:
        raise
    except DomainError as refusal:
        return _refused(refusal.code, refusal.message)
    except ValidationError as error:
        return _malformed(error)
    except DBAPIError as error:
        state = str(getattr(error.orig, "sqlstate", None))
        if not isinstance(error, DataError) and not state.startswith(_LASTING):
            raise
        return _refused("not_possible", "This cannot be done any more.")
    # A fault of ours in one command must not hold up the phone's whole queue; the command is
    # kept with its payload and the log has the trace.
    except Exception:
        log.exception("offline command failed", seq=seq, kind=command.kind)
        return _refused("failed", "This could not be done. The office has been told.")
    return _Verdict(CommandOutcome.APPLIED)


def _refused(code: str, message: str) -> _Verdict:
    return _Verdict(CommandOutcome.REFUSED, code, message)


def _overtaken() -> _Verdict:
    return _refused("overtaken", "A later action has been recorded already.")


def _malformed(error: ValidationError) -> _Verdict:
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "command"
    return _refused("malformed", f"{where}: {first['msg']}")


def _seq_of(raw: Any) -> int | None:
    """The command's place in the queue, even when nothing else of it can be read."""
    seq = raw.get("seq") if isinstance(raw, dict) else None
    is_place = isinstance(seq, int) and not isinstance(seq, bool) and 1 <= seq <= LARGEST_SEQ
    return seq if is_place else None


def _parse(raw: Any) -> Command | ValidationError:
    try:
        return Command.model_validate(raw)
    except ValidationError as error:
        return error


def _without_place(raw: Any) -> Result:
    told = raw.get("id") if isinstance(raw, dict) else None
    return Result(
        seq=None,
        id=_text(told) if told is not None else None,
        status=ResultStatus.REFUSED,
        outcome=CommandOutcome.REFUSED,
        code="malformed",
        message="seq: a whole number from 1 is needed",
    )


def _as_row(
    device_id: UUID,
    seq: int,
    raw: dict[str, Any],
    command: Command | ValidationError,
    verdict: _Verdict,
) -> DeviceCommand:
    read = command if isinstance(command, Command) else None
    return DeviceCommand(
        device_id=device_id,
        seq=seq,
        command_id=_text(read.id if read else raw.get("id", "")),
        kind=_text(read.kind if read else raw.get("kind", "")),
        visit_id=read.visit_id if read else None,
        device_at=plausible(read.at) if read else None,
        payload=_storable(raw),
        outcome=verdict.outcome,
        code=verdict.code,
        message=_text(verdict.message, most=1000) if verdict.message else None,
    )


def _first_result(row: DeviceCommand) -> Result:
    return Result(
        seq=row.seq,
        id=row.command_id,
        status=ResultStatus(row.outcome),
        outcome=row.outcome,
        code=row.code,
        message=row.message,
    )


def _repeat(row: DeviceCommand, command: Command | ValidationError) -> Result:
    if isinstance(command, Command) and _text(command.id) != row.command_id:
        return Result(
            seq=row.seq,
            id=_text(command.id),
            status=ResultStatus.REFUSED,
            outcome=CommandOutcome.REFUSED,
            code="sequence_reused",
            message="This place in the queue was used for something else.",
        )
    return Result(
        seq=row.seq,
        id=row.command_id,
        status=ResultStatus.DUPLICATE,
        outcome=row.outcome,
        code=row.code,
        message=row.message,
    )


def _text(value: object, *, most: int = 100) -> str:
    """Text that PostgreSQL can hold: no NUL, no half characters."""
    held = str(value).replace("\x00", "")[:most]
    return held.encode("utf-8", "replace").decode()


def _storable(raw: dict[str, Any]) -> dict[str, Any]:
    """What was sent, as far as JSONB can hold it."""

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {_text(key): clean(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [clean(entry) for entry in value]
        if isinstance(value, str):
            return _text(value, most=100_000)
        if isinstance(value, float) and not math.isfinite(value):
            return None
        return value

    cleaned: dict[str, Any] = json.loads(json.dumps(clean(raw)))
    return cleaned
