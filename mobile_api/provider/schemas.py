"""Shapes of the provider's pages."""

from datetime import datetime
from uuid import UUID

from dispatch.technicians.qualifications.schemas import CredentialOut
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.http import RequestSchema, Schema
from kernel.shapes import Moment, Name
from marketplace.onboarding.lifecycle import OnboardingStatus
from marketplace.payouts.schemas import PayoutShown
from mobile_api.earnings.schemas import PurseShown, Receipt
from mobile_api.offers.schemas import OfferCard


class OwnPersonShown(Schema):
    """Work that ends by `cleared_until` may be given, any where null; `bar_code` says why
    not, empty when nothing stands against it.
    `lacks` is what is missing before somebody who joins can be given work."""

    id: UUID
    name: str
    phone: str | None
    email: str | None
    active: bool
    onboarding_status: OnboardingStatus | None
    lacks: list[str]
    suspended_at: datetime | None
    is_cleared: bool
    cleared_until: datetime | None
    bar_code: str
    credentials: list[CredentialOut]


class OwnJobShown(Schema):
    """Without the customer's name and number: whoever has the job sees them on the phone."""

    visit_id: UUID
    technician_id: UUID
    status: VisitStatus
    work_type: str
    address: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime


class OwnOfferShown(OfferCard):
    """What the person it was made to sees, and who that is."""

    technician_id: UUID
    time_zone: str


class EmployeeCredentialIn(RequestSchema):
    """With the paper that shows it."""

    kind: Name
    expires_at: Moment | None = None
    paper: Receipt


class CompanyEarnings(Schema):
    """`bank_label` is where the money goes, null where nobody has said it."""

    bank_label: str | None
    purses: list[PurseShown]
    payouts: list[PayoutShown]
