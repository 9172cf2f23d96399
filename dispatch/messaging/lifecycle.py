"""How a message gets from the outbox to a person, or does not."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    PUSH = "push"


class Direction(StrEnum):
    OUT = "out"
    IN = "in"


class MessageStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    RECEIVED = "received"


MESSAGE = Lifecycle(
    "message",
    initial={MessageStatus.QUEUED, MessageStatus.RECEIVED},
    moves={
        MessageStatus.QUEUED: {
            MessageStatus.SENT,
            MessageStatus.FAILED,
            MessageStatus.EXPIRED,
        },
    },
)
