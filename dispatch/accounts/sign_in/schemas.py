"""Shapes of signing in and out."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from dispatch.accounts.schemas import Locale, Password
from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Name

Device = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""Names one browser or phone; refreshing works only from the device that signed in."""


class SignInIn(RequestSchema):
    email: Line
    password: Password
    device: Device = "browser"


class RefreshIn(RequestSchema):
    refresh_token: Line
    device: Device = "browser"


class CodeIn(RequestSchema):
    address: Line
    locale: Locale = "en"


class CodeVerifyIn(RequestSchema):
    address: Line
    code: Annotated[str, StringConstraints(max_length=20)]
    name: Name | None = None
    device: Device = "browser"
    locale: Locale = "en"


class PrincipalOut(Schema):
    account_id: UUID | None
    subject_id: UUID | None
    roles: list[str]
    name: str


class TokensOut(Schema):
    access_token: str
    refresh_token: str
    expires_in: int


class SignedInOut(TokensOut):
    principal: PrincipalOut


class MeOut(PrincipalOut):
    email: str | None
    phone: str | None
    locale: str
