"""A channel for development and tests: messages stay in the database, to be read at /inbox."""

from dispatch.messaging.ports import Letter
from kernel.errors import NotFound
from kernel.settings import settings


class DevelopmentInbox:
    """Refuses to be made in production, where it would swallow messages."""

    def __init__(self) -> None:
        if settings().environment == "production":
            raise RuntimeError("the development inbox does not start in production")

    def send(self, letter: Letter, key: str) -> str:
        return f"inbox-{letter.message_id}"


def is_open() -> bool:
    """Whether messages end here; never in production, where nobody may read other people's."""
    return settings().environment != "production" and settings().message_channel == "inbox"


def require_development() -> None:
    """NotFound where the inbox is not open."""
    if not is_open():
        raise NotFound("inbox")
