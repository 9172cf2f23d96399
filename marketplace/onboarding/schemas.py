"""Shapes of onboarding."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from dispatch.accounts.schemas import Locale, Password
from dispatch.technicians.lifecycle import CredentialStatus, Employment
from kernel.http import RequestSchema, Schema
from kernel.shapes import Latitude, Line, Longitude, Name
from marketplace.onboarding.lifecycle import Invited, OnboardingStatus
from marketplace.terms.schemas import TermsOut

Token = Annotated[str, StringConstraints(min_length=20, max_length=200)]


class InvitationIn(RequestSchema):
    """`provider_id` for a provider's manager or employee; the place is where the service area
    begins until the person says another."""

    invited_as: Invited = Invited.FREELANCER
    name: Name
    email: Line
    territory_id: UUID
    latitude: Latitude
    longitude: Longitude
    provider_id: UUID | None = None
    locale: Locale = "en"


class OnboardingOut(Schema):
    id: UUID
    invited_as: Invited
    status: OnboardingStatus
    name: str
    email: str
    territory_id: UUID
    provider_id: UUID | None
    technician_id: UUID | None
    expires_at: datetime
    note: str
    created_at: datetime


class LinkIn(RequestSchema):
    """What stands behind # in the link."""

    token: Token


class InvitationShown(Schema):
    """Who is invited as what, and the terms to agree to, where there are any."""

    invited_as: Invited
    status: OnboardingStatus
    name: str
    email: str
    terms: TermsOut | None


class JoinIn(RequestSchema):
    token: Token
    name: Name
    password: Password
    terms_number: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    locale: Locale = "en"


class JoinedShown(Schema):
    """Sign in with this address from now on."""

    email: str
    status: OnboardingStatus


class ProofShown(Schema):
    """`document_id` opens the paper, where one was handed in; `note` says why it was revoked."""

    id: UUID
    kind: str
    status: CredentialStatus
    expires_at: datetime | None
    note: str
    document_id: UUID | None


class CrowdPersonShown(Schema):
    """`lacks` is what is missing before work can be given; `bar_code` why none is given now, empty
    when nothing stands against it."""

    id: UUID
    name: str
    employment: Employment
    provider_id: UUID | None
    territory_id: UUID
    active: bool
    suspended_at: datetime | None
    onboarding_id: UUID | None
    onboarding_status: OnboardingStatus | None
    lacks: list[str]
    bar_code: str
    proofs: list[ProofShown]
