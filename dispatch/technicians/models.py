"""Tables of technicians: what they may do, when they work, where they are."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.technicians.lifecycle import CREDENTIAL, AbsenceKind, CredentialStatus, Employment
from kernel.db import Base, Record, enum_of, guard_moves
from kernel.settings import settings


class Provider(Record):
    """A company that supplies technicians."""

    __tablename__ = "providers"

    name: Mapped[str] = mapped_column(unique=True)


class Technician(Record):
    """The position is where the day starts and ends; `speed_pct` 120 works a fifth faster.

    `work_country` is whose working-time rules hold where that is not the territory's country;
    `max_week_hours` is what was agreed with this person beside the law.
    """

    __tablename__ = "technicians"
    __audit_secret__: ClassVar[set[str]] = {"learned_speed_pct"}
    __table_args__ = (
        CheckConstraint("hourly_cents >= 0 AND travel_cents_per_hour >= 0", name="cost"),
        CheckConstraint("speed_pct > 0", name="speed"),
        CheckConstraint("max_travel_km > 0", name="max_travel"),
        CheckConstraint("max_week_hours > 0", name="max_week_hours"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(index=True)
    email: Mapped[str | None] = mapped_column(index=True)
    employment: Mapped[Employment] = mapped_column(enum_of(Employment))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("providers.id"), index=True)
    territory_id: Mapped[UUID] = mapped_column(ForeignKey("territories.id"), index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    hourly_cents: Mapped[int]
    travel_cents_per_hour: Mapped[int]
    currency: Mapped[str] = mapped_column(default="EUR")
    speed_pct: Mapped[int] = mapped_column(default=100)
    learned_speed_pct: Mapped[int | None]
    """How fast the visits of a year were against everybody's; for the planner alone."""
    max_travel_km: Mapped[int] = mapped_column(default=50)
    work_country: Mapped[str | None]
    max_week_hours: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    tools: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    """What is in the van beside the parts."""
    on_duty: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    suspended_at: Mapped[datetime | None]
    """Since when the person gets no work; a suspension says why."""

    @property
    def planning_speed_pct(self) -> int:
        """What the planner counts with: learned where that is wanted and known."""
        learned = self.learned_speed_pct if settings().learned_durations == "personal" else None
        return learned or self.speed_pct


class TechnicianSkill(Record):
    """A skill at a level from 1 to 5, held in `[valid_from, valid_until)`; open where null.

    Work of this skill goes at `speed_pct` of the technician's own speed.
    """

    __tablename__ = "technician_skills"
    __audit_secret__: ClassVar[set[str]] = {"learned_speed_pct"}
    __table_args__ = (
        CheckConstraint("speed_pct > 0", name="speed"),
        UniqueConstraint("technician_id", "skill"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        CheckConstraint("valid_until > valid_from", name="validity"),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"))
    skill: Mapped[str] = mapped_column(index=True)
    level: Mapped[int]
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    speed_pct: Mapped[int] = mapped_column(default=100, server_default=text("100"))
    learned_speed_pct: Mapped[int | None]
    """How fast the visits of a year were for their technician; for the planner alone."""

    @property
    def planning_speed_pct(self) -> int:
        """What the planner counts with beside the technician's own speed."""
        learned = self.learned_speed_pct if settings().learned_durations == "personal" else None
        return learned or self.speed_pct or 100


class CredentialKind(Record):
    """Without a valid one of this kind nobody of the employments `required_of` gets work.
    Holders are reminded `remind_days` before it ends."""

    __tablename__ = "credential_kinds"

    kind: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    required_of: Mapped[list[str]] = mapped_column(default=list)
    remind_days: Mapped[list[Any]] = mapped_column(default=list)


class Credential(Record):
    """Evidence that counts only while valid and before `expires_at` (never expires where null)."""

    __tablename__ = "credentials"

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), index=True)
    kind: Mapped[str]
    status: Mapped[CredentialStatus] = mapped_column(
        enum_of(CredentialStatus), default=CredentialStatus.PENDING
    )
    expires_at: Mapped[datetime | None]
    reminded_days: Mapped[int | None]
    """The last reminder that was sent: so many days before the end."""
    note: Mapped[str] = mapped_column(default="", server_default="")
    """Why it was revoked; the holder reads it."""


guard_moves(Credential, "status", CREDENTIAL)


class Shift(Record):
    """Working time of one technician; up to `overtime_minutes` more may be planned after it.

    `override_reason` says why it may break the rules of working time.
    """

    __tablename__ = "shifts"
    __table_args__ = (
        ExcludeConstraint(
            ("technician_id", "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            using="gist",
            name="ex_shifts_technician_overlap",
        ),
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("overtime_minutes >= 0", name="overtime"),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    overtime_minutes: Mapped[int] = mapped_column(default=0)
    override_reason: Mapped[str | None]
    breaks: Mapped[list["ShiftBreak"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ShiftBreak.earliest"
    )


class ShiftBreak(Record):
    """A break of `minutes` that starts between `earliest` and `latest`, inside its shift."""

    __tablename__ = "shift_breaks"
    __table_args__ = (
        CheckConstraint("latest >= earliest", name="order"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"), index=True)
    earliest: Mapped[datetime]
    latest: Mapped[datetime]
    minutes: Mapped[int]


class Absence(Record):
    """Time away in `[starts_at, ends_at)`."""

    __tablename__ = "absences"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="order"),)

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    kind: Mapped[AbsenceKind] = mapped_column(enum_of(AbsenceKind))
    reason: Mapped[str] = mapped_column(default="")


class TechnicianPosition(Base):
    """The last known position; removed when the technician goes off duty, never audited."""

    __tablename__ = "technician_positions"

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    at: Mapped[datetime]
    latitude: Mapped[float]
    longitude: Mapped[float]
    accuracy_m: Mapped[int | None]
