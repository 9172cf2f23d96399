"""Shapes of terms."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from kernel.http import RequestSchema, Schema
from kernel.shapes import Moment, Name


class TermsIn(RequestSchema):
    """Without `binding_from` they bind at once."""

    title: Name
    text: Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
    binding_from: Moment | None = None


class TermsOut(Schema):
    number: int
    title: str
    text: str
    binding_from: datetime


class ConsentIn(RequestSchema):
    number: int = Field(ge=1, le=1_000_000)


class ConsentOut(Schema):
    created_at: datetime
