"""Shapes of the provider's pages."""

from datetime import datetime
from uuid import UUID

from dispatch.technicians.qualifications.schemas import CredentialOut
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.http import Schema
from marketplace.offers.lifecycle import OfferStatus


class OwnPersonShown(Schema):
    """Work that ends by `cleared_until` may be given, any where null; `bar` says why not."""

    id: UUID
    name: str
    phone: str | None
    email: str | None
    suspended_at: datetime | None
    is_cleared: bool
    cleared_until: datetime | None
    bar: str
    credentials: list[CredentialOut]


class OwnJobShown(Schema):
    """Without the customer's name and number: whoever has the job sees them on the phone."""

    visit_id: UUID
    technician_id: UUID
    status: VisitStatus
    work_type: str
    address: str
    starts_at: datetime
    ends_at: datetime


class OwnOfferShown(Schema):
    id: UUID
    visit_id: UUID
    technician_id: UUID
    status: OfferStatus
    pay_cents: int
    currency: str
    expected_minutes: int
    travel_seconds: int
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime
