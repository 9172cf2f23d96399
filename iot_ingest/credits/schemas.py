"""Request and response shapes of credits."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from iot_ingest.credits.lifecycle import CreditStatus
from kernel.http import RequestSchema, Schema


class CreditOut(Schema):
    """`words` say why, per language; `incident_id` names the shared cause, where there is one."""

    id: UUID
    version: int
    customer_id: UUID
    alert_id: UUID
    amount_cents: int
    currency: str
    words: dict[str, str]
    status: CreditStatus
    granted_at: datetime
    redeemed_at: datetime | None
    reference: str | None
    fault_class: str
    asset_name: str
    incident_id: UUID | None


class RedeemIn(RequestSchema):
    """`reference` is the number of the bill."""

    reference: Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
