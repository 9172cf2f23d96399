"""Request and response shapes of remedies."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from iot_ingest.credits.lifecycle import CreditStatus
from iot_ingest.remedies.lifecycle import RemedyKind, RemedyObstacle, RemedyStatus
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
    """`words` gives the reason in English and German; `obstacle` says why a granted remedy was
    not carried out."""

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
    declined_because: str | None
    customer_name: str
    asset_name: str
    carried_out_at: datetime | None
    obstacle: RemedyObstacle | None
    order_id: UUID | None
    order_number: str | None
    collection_order_number: str | None
    instructions: dict[str, str] | None
    credit_status: CreditStatus | None


class RemedyCostOut(Schema):
    """What remedies of one kind cost an incident: granted, and still to be decided, in cents."""

    kind: RemedyKind
    granted: int
    granted_cents: int
    carried_out: int
    proposed: int
    proposed_cents: int
    declined: int


class RemedyCostsOut(Schema):
    currency: str
    kinds: list[RemedyCostOut]
    granted_cents: int
    proposed_cents: int
