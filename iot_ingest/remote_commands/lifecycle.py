"""States of a command to a device."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class CommandStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


OPEN = {CommandStatus.QUEUED, CommandStatus.SENT}
COMMAND: Lifecycle[CommandStatus] = Lifecycle(
    "remote command",
    initial={CommandStatus.QUEUED},
    moves={
        CommandStatus.QUEUED: {CommandStatus.SENT, CommandStatus.EXPIRED},
        CommandStatus.SENT: {CommandStatus.DONE, CommandStatus.FAILED, CommandStatus.EXPIRED},
    },
)
