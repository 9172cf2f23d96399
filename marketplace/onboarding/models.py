"""The table of onboardings."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Provider, Technician
from dispatch.territories.models import Territory
from kernel.db import Record, enum_of, guard_moves
from marketplace.onboarding.lifecycle import ONBOARDING, Invited, OnboardingStatus


class Onboarding(Record):
    """One invitation and what became of it. The link's secret is kept as a digest only."""

    __tablename__ = "onboardings"
    __audit_secret__: ClassVar[set[str]] = {"token_hash"}
    __table_args__ = (
        CheckConstraint(
            "invited_as = 'freelancer' OR provider_id IS NOT NULL", name="of_a_provider"
        ),
        CheckConstraint(
            "invited_as = 'provider_manager' OR status IN ('invited', 'withdrawn')"
            " OR technician_id IS NOT NULL",
            name="joined_as_somebody",
        ),
    )

    invited_as: Mapped[Invited] = mapped_column(enum_of(Invited))
    status: Mapped[OnboardingStatus] = mapped_column(enum_of(OnboardingStatus))
    name: Mapped[str]
    email: Mapped[str]
    territory_id: Mapped[UUID] = mapped_column(ForeignKey(Territory.id))
    latitude: Mapped[float]
    longitude: Mapped[float]
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey(Provider.id), index=True)
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey(Technician.id), unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")


guard_moves(Onboarding, "status", ONBOARDING)
