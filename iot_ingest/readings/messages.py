"""What every decoder hands on: one message of one device, its values not yet judged."""

from uuid import UUID

import msgspec


class RawReading(msgspec.Struct, frozen=True):
    """One value as the device sent it; `quality.judge` decides whether it counts."""

    metric: object = None
    ts: object = None
    value: object = None


class Answer(msgspec.Struct, frozen=True):
    """What became of a command, as the device says."""

    command_id: UUID
    ok: bool
    result: object = None


class DecodedMessage(msgspec.Struct, frozen=True):
    """A device message in our own terms.

    `seq` counts up by one within a `boot_id`. A device that counts nothing leaves both empty: its
    messages are then told apart by their content. `oldest` is the lowest sequence that the device
    can still send again: whatever is missing below it will never come. A gateway speaks for its
    `child`, by the name it knows. `online` says that the sender came or went.
    """

    boot_id: str | None
    seq: int | None
    readings: tuple[RawReading, ...]
    token: str | None = None
    device_id: str | None = None
    oldest: int | None = None
    child: str | None = None
    online: bool | None = None
    answer: Answer | None = None

    @property
    def is_counted(self) -> bool:
        return self.boot_id is not None and self.seq is not None

    @property
    def is_telemetry(self) -> bool:
        """Whether there is something to store or to acknowledge."""
        return self.is_counted or bool(self.readings)


class Undecodable(ValueError):
    """The bytes are not a message of this format."""
