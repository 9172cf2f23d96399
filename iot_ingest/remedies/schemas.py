"""Request and response shapes of remedies."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from iot_ingest.remedies.lifecycle import RemedyKind, RemedyStatus
from kernel.http import RequestSchema, Schema

Cents = Annotated[int, Field(ge=0, le=10**9)]
GrantingRole = Literal["call_agent", "dispatcher", "supervisor", "finance", "admin"]


class RemedyTermsIn(RequestSchema):
    """What a kind costs, and up to which cost each role grants it alone."""

    kind: RemedyKind
    cost_cents: Cents
    limits: dict[GrantingRole, Cents]


class RemedyTermsOut(Schema):
    kind: RemedyKind
    cost_cents: int
    limits: dict[str, int]


class RemedyOut(Schema):
    """`words` gives the reason in English and German."""

    id: UUID
    version: int
    alert_id: UUID
    incident_id: UUID
    customer_id: UUID
    kind: RemedyKind
    status: RemedyStatus
    cost_cents: int
    currency: str
    reason: str
    words: dict[str, str]
    decided_by: str | None
