"""Shapes of visits that fall through."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from kernel.http import RequestSchema, Schema

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class NoShowIn(RequestSchema):
    """Who of a crew did not come; a single person need not be named."""

    reason: Reason
    technician_id: UUID | None = None


class BackOutTerms(Schema):
    """What giving the visit back would cost now, by the rules of pay."""

    notice: timedelta
    pct: int
    fee_cents: int
    currency: str
