"""Changing technicians: master data, shifts, absences, duty and position."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.accounts.addresses import normalize_email, normalize_phone
from dispatch.customers.places import check_position
from dispatch.events import TechnicianAbsent
from dispatch.technicians import queries
from dispatch.technicians.lifecycle import AbsenceKind, Employment
from dispatch.technicians.models import (
    Absence,
    Provider,
    Shift,
    ShiftBreak,
    Technician,
    TechnicianPosition,
)
from dispatch.technicians.qualifications.service import SkillHeld, set_skills, tell_changed
from dispatch.technicians.working_time.days import Span
from dispatch.technicians.working_time.service import check_country, require_kept
from dispatch.territories.queries import get_territory
from kernel.db import locked
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.events import publish
from kernel.geo import Point
from kernel.settings import settings


@dataclass(frozen=True)
class BreakWanted:
    """A break of `minutes` that starts between `earliest` and `latest`."""

    earliest: datetime
    latest: datetime
    minutes: int


def create_provider(session: Session, *, name: str) -> Provider:
    provider = Provider(name=name)
    session.add(provider)
    session.flush()
    return provider


def create_technician(
    session: Session,
    *,
    name: str,
    employment: Employment,
    territory_id: UUID,
    latitude: float,
    longitude: float,
    hourly_cents: int,
    travel_cents_per_hour: int | None = None,
    currency: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    provider_id: UUID | None = None,
    speed_pct: int = 100,
    max_travel_km: int = 50,
    work_country: str | None = None,
    max_week_hours: int | None = None,
    languages: Sequence[str] = (),
    tools: Sequence[str] = (),
    skills: Iterable[SkillHeld] = (),
    external_id: str | None = None,
) -> Technician:
    """Travel costs the same as work unless said. A partner's technician needs a provider."""
    get_territory(session, territory_id)
    check_position(latitude, longitude)
    _check_provider(session, employment, provider_id)
    check_country(work_country)
    technician = Technician(
        name=name,
        employment=employment,
        territory_id=territory_id,
        latitude=latitude,
        longitude=longitude,
        hourly_cents=hourly_cents,
        travel_cents_per_hour=(
            hourly_cents if travel_cents_per_hour is None else travel_cents_per_hour
        ),
        currency=currency or settings().currency,
        phone=normalize_phone(phone) if phone else None,
        email=normalize_email(email) if email else None,
        provider_id=provider_id,
        speed_pct=speed_pct,
        max_travel_km=max_travel_km,
        work_country=work_country,
        max_week_hours=max_week_hours,
        languages=list(languages),
        tools=list(tools),
        external_id=external_id,
    )
    session.add(technician)
    session.flush()
    set_skills(session, technician.id, skills)
    tell_changed(session, technician, "created")
    return technician


def update_technician(
    session: Session, technician: Technician, changes: Mapping[str, Any]
) -> Technician:
    values = dict(changes)
    if "territory_id" in values:
        get_territory(session, values["territory_id"])
    if "phone" in values:
        values["phone"] = normalize_phone(values["phone"]) if values["phone"] else None
    if "email" in values:
        values["email"] = normalize_email(values["email"]) if values["email"] else None
    for column, value in values.items():
        setattr(technician, column, value)
    check_position(technician.latitude, technician.longitude)
    _check_provider(session, technician.employment, technician.provider_id)
    check_country(technician.work_country)
    session.flush()
    tell_changed(session, technician, "master_data")
    return technician


def update_own(session: Session, technician_id: UUID, changes: Mapping[str, Any]) -> Technician:
    """What somebody says about themselves. Raises Conflict `set_by_office` for the company's own
    people, whose hours and area are agreed with the office."""
    technician = queries.get_technician(session, technician_id)
    if technician.employment is Employment.IN_HOUSE:
        raise Conflict("The office keeps this for its own people.", code="set_by_office")
    return update_technician(session, technician, changes)


def _check_provider(session: Session, employment: Employment, provider_id: UUID | None) -> None:
    if provider_id is not None:
        queries.get_provider(session, provider_id)
    elif employment is Employment.PARTNER:
        raise Invalid("Say which provider the technician works for.", code="provider_missing")


def add_shift(
    session: Session,
    technician_id: UUID,
    *,
    starts_at: datetime,
    ends_at: datetime,
    overtime_minutes: int = 0,
    breaks: Sequence[BreakWanted] = (),
    override_reason: str | None = None,
    external_id: str | None = None,
) -> Shift:
    """Raises Conflict `shift_overlaps` when the technician works then already, and
    `working_time` when it breaks rules of working time and nobody gives a reason."""
    if ends_at <= starts_at:
        raise Invalid("A shift ends after it starts.", code="empty_period")
    for wanted in breaks:
        _check_break(wanted, starts_at, ends_at)
    [technician] = locked(session, Technician, [technician_id])
    if queries.list_shifts(session, [technician_id], starts_at, ends_at):
        raise Conflict(
            "The technician has a shift then already.",
            code="shift_overlaps",
            technician_id=str(technician_id),
        )
    pauses = sum(wanted.minutes for wanted in breaks)
    span = Span(starts_at, ends_at, timedelta(minutes=pauses), None, bool(override_reason))
    require_kept(session, technician, span)
    shift = Shift(
        technician_id=technician_id,
        starts_at=starts_at,
        ends_at=ends_at,
        overtime_minutes=overtime_minutes,
        override_reason=override_reason,
        external_id=external_id,
        breaks=[
            ShiftBreak(earliest=b.earliest, latest=b.latest, minutes=b.minutes) for b in breaks
        ],
    )
    session.add(shift)
    session.flush()
    tell_changed(session, technician, "shifts")
    return shift


def _check_break(wanted: BreakWanted, starts_at: datetime, ends_at: datetime) -> None:
    inside = (
        starts_at <= wanted.earliest <= wanted.latest
        and wanted.latest + timedelta(minutes=wanted.minutes) <= ends_at
    )
    if wanted.minutes <= 0 or not inside:
        raise Invalid("A break lies inside its shift.", code="break_outside_shift")


def remove_shift(session: Session, technician_id: UUID, shift_id: UUID) -> None:
    session.delete(queries.get_shift(session, technician_id, shift_id))
    session.flush()
    tell_changed(session, queries.get_technician(session, technician_id), "shifts")


def report_absence(
    session: Session,
    technician_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    kind: AbsenceKind,
    reason: str = "",
) -> Absence:
    """Publishes TechnicianAbsent; reporting the same absence again changes nothing."""
    if ends_at <= starts_at:
        raise Invalid("An absence ends after it starts.", code="empty_period")
    technician = locked(session, Technician, [technician_id])[0]
    for known in queries.list_absences(session, [technician_id], starts_at, ends_at):
        if (known.starts_at, known.ends_at, known.kind) == (starts_at, ends_at, kind):
            return known
    absence = Absence(
        technician_id=technician_id,
        starts_at=starts_at,
        ends_at=ends_at,
        kind=kind,
        reason=reason,
    )
    session.add(absence)
    session.flush()
    publish(
        session,
        TechnicianAbsent(
            technician_id=technician_id,
            territory_id=technician.territory_id,
            starts_at=starts_at,
            ends_at=ends_at,
            is_rest=kind is AbsenceKind.REST,
        ),
    )
    return absence


def report_own_absence(
    session: Session,
    technician_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    kind: AbsenceKind,
    reason: str = "",
) -> Absence:
    """As the person or their company says. Raises Forbidden `rest_by_law`."""
    _refuse_rest(kind)
    return report_absence(session, technician_id, starts_at, ends_at, kind, reason)


def withdraw_own_absence(session: Session, technician_id: UUID, absence_id: UUID) -> None:
    """As the person or their company says. Raises Forbidden `rest_by_law`."""
    locked(session, Technician, [technician_id])
    _refuse_rest(queries.get_absence(session, technician_id, absence_id).kind)
    withdraw_absence(session, technician_id, absence_id)


def _refuse_rest(kind: AbsenceKind) -> None:
    if kind is AbsenceKind.REST:
        raise Forbidden("Rest that the law gives is noted by itself.", code="rest_by_law")


def withdraw_absence(session: Session, technician_id: UUID, absence_id: UUID) -> None:
    """The technician is there after all."""
    session.delete(queries.get_absence(session, technician_id, absence_id))
    session.flush()
    tell_changed(session, queries.get_technician(session, technician_id), "absences")


def set_on_duty(session: Session, technician_id: UUID, on_duty: bool) -> Technician:
    """Going off duty forgets the position."""
    technician = locked(session, Technician, [technician_id])[0]
    technician.on_duty = on_duty
    if not on_duty:
        session.execute(
            delete(TechnicianPosition).where(TechnicianPosition.technician_id == technician_id)
        )
    session.flush()
    return technician


def record_position(
    session: Session,
    technician_id: UUID,
    point: Point,
    at: datetime,
    accuracy_m: int | None = None,
) -> None:
    """Keep the newest position; raises Conflict `off_duty` when the technician is not on duty."""
    if not queries.get_technician(session, technician_id).on_duty:
        raise Conflict("Positions are kept only while on duty.", code="off_duty")
    here = {
        "at": at,
        "latitude": point.latitude,
        "longitude": point.longitude,
        "accuracy_m": accuracy_m,
    }
    session.execute(
        insert(TechnicianPosition)
        .values(technician_id=technician_id, **here)
        .on_conflict_do_update(
            index_elements=[TechnicianPosition.technician_id],
            set_=here,
            where=TechnicianPosition.at < at,
        )
    )
