"""The way out: what carries a message to a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from dispatch.messaging.lifecycle import Channel
from kernel.ports import Port


@dataclass(frozen=True)
class Letter:
    """What an adapter needs to know about one message."""

    message_id: UUID
    channel: Channel
    address: str
    subject: str
    text: str
    link: str | None


class UndeliverableError(Exception):
    """This address will never get this message; trying again is useless."""


class MessageChannel(Protocol):
    def send(self, letter: Letter, key: str) -> str:
        """Hand the message over; gives the provider's id for it.

        A repeated `key` must not reach the person twice. Raises UndeliverableError when the
        address is refused; any other error means: try again later.
        """


channels: Port[Mapping[Channel, MessageChannel]] = Port("messaging.channels")


def channel_for(channel: Channel) -> MessageChannel:
    """UndeliverableError when nothing is wired for this channel."""
    wired = channels().get(channel)
    if wired is None:
        raise UndeliverableError(f"there is no way to send by {channel}")
    return wired
