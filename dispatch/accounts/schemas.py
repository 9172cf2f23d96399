"""Shapes of account management."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Name, PatchSchema

Password = Annotated[str, StringConstraints(max_length=200, strip_whitespace=False)]
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]


class AccountOut(Schema):
    id: UUID
    name: str
    email: str | None
    phone: str | None
    roles: list[str]
    subject_id: UUID | None
    locale: str
    disabled: bool
    version: int


class AccountIn(RequestSchema):
    name: Name
    roles: list[str]
    email: Line | None = None
    phone: Line | None = None
    password: Password | None = None
    subject_id: UUID | None = None
    locale: Locale = "en"


class AccountPatch(PatchSchema):
    nullable = frozenset({"subject_id"})

    name: Name | None = None
    roles: list[str] | None = None
    subject_id: UUID | None = None
    locale: Locale | None = None


class PasswordIn(RequestSchema):
    password: Password
