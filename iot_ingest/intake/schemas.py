"""Request and response shapes of the HTTP way in."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from iot_ingest.readings.decoders import own_json
from kernel.http import RequestSchema, Schema

MOST_MESSAGES = 500
MOST_READINGS = 10_000
"""Of all messages of a batch together."""

Count = Annotated[int, Field(ge=0, le=own_json.HIGHEST_SEQ)]


class ReadingIn(RequestSchema):
    """`ts`: RFC 3339 with offset, or epoch seconds or milliseconds; none means now. What is no
    number or no time costs the reading, not the message, so every JSON value is taken."""

    metric: str = Field(max_length=200)
    ts: str | float | None = None
    value: Any = None


class MessageIn(RequestSchema):
    boot_id: str | None = Field(None, min_length=1, max_length=own_json.LONGEST_BOOT_ID)
    seq: Count | None = None
    oldest: Count | None = None
    readings: list[ReadingIn] = Field(max_length=own_json.MOST_READINGS)

    @model_validator(mode="after")
    def counted_wholly_or_not(self) -> "MessageIn":
        if (self.boot_id is None) != (self.seq is None):
            raise ValueError("boot_id and seq come together or not at all")
        return self


class BatchIn(RequestSchema):
    """One message, or several under `messages`."""

    boot_id: str | None = Field(None, min_length=1, max_length=own_json.LONGEST_BOOT_ID)
    seq: Count | None = None
    oldest: Count | None = None
    readings: list[ReadingIn] | None = Field(None, max_length=own_json.MOST_READINGS)
    messages: list[MessageIn] | None = Field(None, min_length=1, max_length=MOST_MESSAGES)

    @model_validator(mode="after")
    def one_form(self) -> "BatchIn":
        if (self.readings is None) == (self.messages is None):
            raise ValueError("send either readings or messages")
        if self.messages is not None and (self.seq is not None or self.boot_id is not None):
            raise ValueError("boot_id and seq belong to each message")
        if (self.boot_id is None) != (self.seq is None):
            raise ValueError("boot_id and seq come together or not at all")
        return self

    @model_validator(mode="after")
    def not_too_many(self) -> "BatchIn":
        if sum(len(message.readings) for message in self.messages or ()) > MOST_READINGS:
            raise ValueError(f"a batch has at most {MOST_READINGS} readings")
        return self

    def all_messages(self) -> list[dict[str, Any]]:
        """As decoders take them."""
        dumped = self.model_dump()
        return dumped.pop("messages") or [dumped]


class IngestOut(Schema):
    """`highest_seq`: every message of the latest boot up to it is stored and can be forgotten;
    -1 while the first is missing. `accepted` counts readings, `dropped` what was not stored,
    `marked` what was stored but is not taken at its word."""

    boot_id: str | None
    highest_seq: int
    accepted: int
    dropped: dict[str, int]
    marked: dict[str, int]
