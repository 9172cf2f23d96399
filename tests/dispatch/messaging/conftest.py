"""Channels that behave as a test wants."""

from collections.abc import Callable, Iterator

import pytest

from dispatch.messaging.lifecycle import Channel
from dispatch.messaging.ports import Letter, channels


class ScriptedChannel:
    """Records what it was given; raises what `trouble` holds for its channel."""

    def __init__(self) -> None:
        self.sent: list[tuple[Letter, str]] = []
        self.trouble: dict[Channel, Exception] = {}

    def send(self, letter: Letter, key: str) -> str:
        self.sent.append((letter, key))
        if letter.channel in self.trouble:
            raise self.trouble[letter.channel]
        return f"provider-{len(self.sent)}"


@pytest.fixture
def channel(request: pytest.FixtureRequest) -> Iterator[ScriptedChannel]:
    needs: Callable[[str], object] = request.getfixturevalue
    needs("session")
    scripted = ScriptedChannel()
    with channels.wired(dict.fromkeys(Channel, scripted)):
        yield scripted
