"""Shapes of kinds of credentials."""

from typing import Annotated

from pydantic import Field

from dispatch.technicians.lifecycle import Employment
from kernel.http import RequestSchema, Schema
from kernel.shapes import Name

Days = Annotated[int, Field(ge=1, le=365)]


class CredentialKindIn(RequestSchema):
    """Without a valid one nobody of `required_of` gets work; holders are reminded so many days
    before it ends."""

    name: Name
    required_of: list[Employment] = []
    remind_days: Annotated[list[Days], Field(max_length=10)] = [30, 7, 1]


class CredentialKindOut(Schema):
    kind: str
    name: str
    required_of: list[Employment]
    remind_days: list[int]
    version: int
