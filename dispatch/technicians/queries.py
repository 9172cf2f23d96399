"""Reading technicians, and what the planner must know about them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import TIMESTAMP, CompoundSelect, Select, Uuid, any_, bindparam, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, selectinload

from dispatch.technicians.clearance.queries import clearances
from dispatch.technicians.clearance.rules import CLEARED, Clearance
from dispatch.technicians.lifecycle import CredentialStatus, Employment
from dispatch.technicians.models import (
    Absence,
    Credential,
    Provider,
    Shift,
    ShiftBreak,
    Technician,
    TechnicianPosition,
    TechnicianSkill,
)
from dispatch.technicians.working_time.queries import rooms_of
from dispatch.technicians.working_time.room import Room
from dispatch.technicians.working_time.weeks import WeekHours
from kernel.db import get
from kernel.errors import NotFound


def get_technician(session: Session, technician_id: UUID) -> Technician:
    return get(session, Technician, technician_id)


def get_provider(session: Session, provider_id: UUID) -> Provider:
    return get(session, Provider, provider_id)


def list_providers(session: Session) -> list[Provider]:
    return list(session.scalars(select(Provider).order_by(Provider.name)))


def technicians_matching(
    territory_id: UUID | None = None,
    employment: Employment | None = None,
    *,
    words: str | None = None,
    active: bool | None = True,
) -> Select[Technician]:
    statement = select(Technician)
    if territory_id is not None:
        statement = statement.where(Technician.territory_id == territory_id)
    if employment is not None:
        statement = statement.where(Technician.employment == employment)
    if active is not None:
        statement = statement.where(Technician.active.is_(active))
    for word in (words or "").split():
        statement = statement.where(Technician.name.icontains(word, autoescape=True))
    return statement


def list_technicians_by_id(
    session: Session, technician_ids: Collection[UUID]
) -> dict[UUID, Technician]:
    found = session.scalars(select(Technician).where(Technician.id.in_(technician_ids)))
    return {technician.id: technician for technician in found}


def list_skills(session: Session, technician_id: UUID) -> list[TechnicianSkill]:
    statement = (
        select(TechnicianSkill)
        .where(TechnicianSkill.technician_id == technician_id)
        .order_by(TechnicianSkill.skill)
    )
    return list(session.scalars(statement))


def list_credentials(session: Session, technician_id: UUID) -> list[Credential]:
    statement = (
        select(Credential).where(Credential.technician_id == technician_id).order_by(Credential.id)
    )
    return list(session.scalars(statement))


def list_shifts(
    session: Session, technician_ids: Collection[UUID], start: datetime, end: datetime
) -> list[Shift]:
    """Shifts, with their breaks, that touch `[start, end)`, in order of time."""
    statement = (
        select(Shift)
        .where(
            Shift.technician_id.in_(technician_ids), Shift.starts_at < end, Shift.ends_at > start
        )
        .order_by(Shift.starts_at, Shift.id)
        .options(selectinload(Shift.breaks))
    )
    return list(session.scalars(statement))


def get_shift(session: Session, technician_id: UUID, shift_id: UUID) -> Shift:
    """With its breaks; NotFound also when it is another technician's."""
    shift = session.scalar(
        select(Shift)
        .where(Shift.id == shift_id, Shift.technician_id == technician_id)
        .options(selectinload(Shift.breaks))
        .execution_options(populate_existing=True)
    )
    if shift is None:
        raise NotFound("shift", shift_id)
    return shift


def get_absence(session: Session, technician_id: UUID, absence_id: UUID) -> Absence:
    """NotFound also when it is another technician's."""
    absence = session.get(Absence, absence_id)
    if absence is None or absence.technician_id != technician_id:
        raise NotFound("absence", absence_id)
    return absence


def list_absences(
    session: Session, technician_ids: Collection[UUID], start: datetime, end: datetime
) -> list[Absence]:
    """Absences that touch `[start, end)`, in order of time."""
    statement = (
        select(Absence)
        .where(
            Absence.technician_id.in_(technician_ids),
            Absence.starts_at < end,
            Absence.ends_at > start,
        )
        .order_by(Absence.starts_at, Absence.id)
    )
    return list(session.scalars(statement))


def find_position(session: Session, technician_id: UUID) -> TechnicianPosition | None:
    return session.get(TechnicianPosition, technician_id)


def list_credentials_ending(session: Session, at: datetime) -> list[Credential]:
    """Valid credentials whose time is over at `at`."""
    statement = (
        select(Credential)
        .where(Credential.status == CredentialStatus.VALID, Credential.expires_at <= at)
        .order_by(Credential.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return list(session.scalars(statement))


def list_credentials_between(session: Session, start: datetime, end: datetime) -> list[Credential]:
    """Valid credentials that end in `(start, end]`, of active technicians."""
    statement = (
        select(Credential)
        .join(Technician, Technician.id == Credential.technician_id)
        .where(
            Credential.status == CredentialStatus.VALID,
            Credential.expires_at > start,
            Credential.expires_at <= end,
            Technician.active,
        )
        .order_by(Credential.id)
        .with_for_update(skip_locked=True, key_share=True, of=Credential)
    )
    return list(session.scalars(statement))


Version = tuple[UUID, int]
"""Id and version of a record."""


@dataclass(frozen=True)
class TechnicianForPlanning:
    """A technician with everything that decides when and what he or she can work."""

    technician: Technician
    skills: list[TechnicianSkill] = field(default_factory=list)
    credentials: list[Credential] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    position: TechnicianPosition | None = None
    rooms: Mapping[UUID, Room] = field(default_factory=dict)
    """What the rules of working time leave of each shift, by shift."""
    weeks: Sequence[WeekHours] = ()
    """The hours that the weeks of these shifts allow."""
    clearance: Clearance = CLEARED

    def room_of(self, shift: Shift) -> Room:
        """When this shift may be worked, overtime included."""
        overtime = timedelta(minutes=shift.overtime_minutes)
        return self.rooms.get(shift.id) or Room(shift.starts_at, shift.ends_at + overtime)

    def versions(self, start: datetime, end: datetime) -> set[Version]:
        """Of every record behind it, of shifts and absences those that touch `[start, end)`."""
        shifts = [shift for shift in self.shifts if shift.starts_at < end and shift.ends_at > start]
        away = [one for one in self.absences if one.starts_at < end and one.ends_at > start]
        breaks = [pause for shift in shifts for pause in shift.breaks]
        records = [self.technician, *self.skills, *self.credentials, *shifts, *breaks, *away]
        return {(record.id, record.version) for record in records}

    def level_of(self, skill: str, at: datetime) -> int:
        """Level of a skill at a moment; 0 when the technician does not have it then."""
        return max(
            (
                held.level
                for held in self.skills
                if held.skill == skill
                and (held.valid_from is None or held.valid_from <= at)
                and (held.valid_until is None or at < held.valid_until)
            ),
            default=0,
        )

    def work_time(self, minutes: int, pace_skill: str | None) -> timedelta:
        """How long work of so many minutes takes this technician, rounded up to the second."""
        held = (skill.planning_speed_pct for skill in self.skills if skill.skill == pace_skill)
        speed = self.technician.planning_speed_pct * next(held, 100)
        return timedelta(seconds=-(-minutes * 60 * 10_000 // speed))

    def has_credential(self, kind: str, at: datetime) -> bool:
        return any(
            credential.kind == kind
            and credential.status is CredentialStatus.VALID
            and (credential.expires_at is None or at < credential.expires_at)
            for credential in self.credentials
        )

    def is_absent(self, start: datetime, end: datetime) -> bool:
        return any(away.starts_at < end and away.ends_at > start for away in self.absences)


def list_for_planning(
    session: Session,
    territory_ids: Collection[UUID] | None,
    start: datetime,
    end: datetime,
    *,
    technician_ids: Collection[UUID] | None = None,
    employments: Collection[Employment] | None = None,
    active: bool | None = True,
) -> list[TechnicianForPlanning]:
    """Active technicians (of all territories when None) with shifts and absences that touch
    `[start, end)`; ten SELECTs however many technicians there are."""
    statement = technicians_matching(active=active).order_by(Technician.id)
    if territory_ids is not None:
        statement = statement.where(Technician.territory_id.in_(territory_ids))
    if technician_ids is not None:
        statement = statement.where(Technician.id.in_(technician_ids))
    if employments is not None:
        statement = statement.where(Technician.employment.in_(employments))
    technicians = list(session.scalars(statement))
    ids = [technician.id for technician in technicians]
    skills = _by_technician(
        session.scalars(select(TechnicianSkill).where(TechnicianSkill.technician_id.in_(ids)))
    )
    credentials = _by_technician(
        session.scalars(select(Credential).where(Credential.technician_id.in_(ids)))
    )
    cleared = clearances(session, technicians, credentials)
    shifts = _by_technician(list_shifts(session, ids, start, end))
    rooms = rooms_of(session, technicians, shifts)
    absences = _by_technician(list_absences(session, ids, start, end))
    positions = {
        position.technician_id: position
        for position in session.scalars(
            select(TechnicianPosition).where(TechnicianPosition.technician_id.in_(ids))
        )
    }
    return [
        TechnicianForPlanning(
            technician=technician,
            skills=skills[technician.id],
            credentials=credentials[technician.id],
            shifts=shifts[technician.id],
            absences=absences[technician.id],
            position=positions.get(technician.id),
            rooms=rooms.of_shift,
            weeks=rooms.weeks.get(technician.id, ()),
            clearance=cleared[technician.id],
        )
        for technician in technicians
    ]


def versions_of(
    session: Session, technician_ids: Collection[UUID], start: datetime, end: datetime
) -> set[Version]:
    """Of every record that `list_for_planning` reads of these technicians, positions left out."""
    asked = {"technician_ids": list(technician_ids), "start": start, "end": end}
    return {(key, version) for key, version in session.execute(_versions(), asked)}


@cache
def _versions() -> CompoundSelect[UUID, int]:
    """Put together once: each hold asks it."""
    own = any_(bindparam("technician_ids", type_=ARRAY(Uuid())))
    start, end = (bindparam(name, type_=TIMESTAMP(timezone=True)) for name in ("start", "end"))
    held = [
        select(model.id, model.version).where(model.technician_id == own)
        for model in (TechnicianSkill, Credential)
    ]
    in_time = [
        select(model.id, model.version).where(
            model.technician_id == own, model.starts_at < end, model.ends_at > start
        )
        for model in (Shift, Absence)
    ]
    breaks = (
        select(ShiftBreak.id, ShiftBreak.version)
        .join(Shift, Shift.id == ShiftBreak.shift_id)
        .where(Shift.technician_id == own, Shift.starts_at < end, Shift.ends_at > start)
    )
    people = select(Technician.id, Technician.version).where(
        Technician.id == own, Technician.active
    )
    return union_all(people, *held, *in_time, breaks)


class _OfTechnician(Protocol):
    @property
    def technician_id(self) -> UUID: ...


Owned = TypeVar("Owned", bound=_OfTechnician)


def _by_technician(records: Iterable[Owned]) -> defaultdict[UUID, list[Owned]]:
    grouped: defaultdict[UUID, list[Owned]] = defaultdict(list)
    for record in records:
        grouped[record.technician_id].append(record)
    return grouped
