"""Shapes of a person's own profile."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.preferences.lifecycle import Stance
from dispatch.technicians.qualifications.schemas import CredentialOut, SkillOut
from dispatch.technicians.schemas import AbsenceOut, ShiftOut, TravelKm, WeekHours
from dispatch.technicians.suspensions.schemas import AppealOut, SuspensionOut
from kernel.http import RequestSchema, Schema
from kernel.shapes import Latitude, Line, Longitude, Moment, Name, PatchSchema
from marketplace.availability.schemas import WeeklyHoursIn, WeeklyHoursOut
from marketplace.onboarding.lifecycle import OnboardingStatus
from marketplace.rate_cards.schemas import RateCardOut
from marketplace.skill_claims.schemas import SkillClaimOut
from marketplace.terms.schemas import TermsOut


class OwnFile(Schema):
    """`lacks` is what is missing before one can be given work; `bar_code` why one gets none now,
    empty when nothing stands against it.
    `terms` are those to agree to, where one has not yet. `hourly_cents` and
    `travel_cents_per_hour` count now, 0 where nothing is agreed; `shifts` are those of two weeks,
    and come before `hours`."""

    id: UUID
    name: str
    employment: Employment
    active: bool
    latitude: float
    longitude: float
    max_travel_km: int
    max_week_hours: int | None
    languages: list[str]
    onboarding_status: OnboardingStatus | None
    note: str
    lacks: list[str]
    bar_code: str
    terms: TermsOut | None
    bank_label: str | None
    skills: list[SkillOut]
    skill_claims: list[SkillClaimOut]
    credentials: list[CredentialOut]
    hourly_cents: int
    travel_cents_per_hour: int
    currency: str
    rate_card: RateCardOut | None
    proposed_rate_card: RateCardOut | None
    hours: list[WeeklyHoursOut]
    shifts: list[ShiftOut]
    absences: list[AbsenceOut]


class OwnFilePatch(PatchSchema):
    """Where one starts from, how far one goes, how much one works."""

    nullable = frozenset({"max_week_hours"})

    latitude: Latitude | None = None
    longitude: Longitude | None = None
    max_travel_km: TravelKm | None = None
    max_week_hours: WeekHours | None = None
    languages: list[Name] | None = None
    phone: Line | None = None


class OwnCredentialIn(RequestSchema):
    """With the paper that shows it."""

    kind: Name
    expires_at: Moment | None = None
    document_id: UUID


class OwnHoursIn(RequestSchema):
    """None at all means the usual hours, 8 to 18 every day."""

    hours: Annotated[list[WeeklyHoursIn], Field(max_length=50)]


class SubmittedOut(Schema):
    status: OnboardingStatus
    updated_at: datetime


class OwnPreference(Schema):
    """Which customer one does not go to, or likes to."""

    customer_id: UUID
    customer_name: str
    stance: Stance
    reason: str


class OwnSuspension(Schema):
    suspension: SuspensionOut
    appeals: list[AppealOut]
