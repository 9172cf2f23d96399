"""Technicians with skills, credentials, shifts and absences for tests."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from dispatch.technicians.lifecycle import AbsenceKind, CredentialStatus, Employment
from dispatch.technicians.models import (
    Absence,
    Credential,
    Provider,
    Shift,
    ShiftBreak,
    Technician,
    TechnicianSkill,
)
from dispatch.territories.models import Territory
from tests.factories.territories import BERLIN, make_territory

_numbers = count(1)


def make_provider(session: Session, **over: Any) -> Provider:
    provider = Provider(**{"name": f"Provider {next(_numbers)}", **over})
    session.add(provider)
    session.flush()
    return provider


def make_technician(
    session: Session,
    territory: Territory | None = None,
    *,
    skills: Mapping[str, int] | None = None,
    credentials: Sequence[str] = (),
    **over: Any,
) -> Technician:
    """In-house in central Berlin; `skills` gives levels by name, `credentials` are valid."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"Technician {number}",
        "phone": f"+4930666{number:05d}",
        "email": f"technician{number}@example.com",
        "employment": Employment.IN_HOUSE,
        "latitude": BERLIN[0],
        "longitude": BERLIN[1],
        "hourly_cents": 4500,
        "travel_cents_per_hour": 3000,
        "on_duty": True,
    }
    if "territory_id" not in over:
        values["territory_id"] = (territory or make_territory(session)).id
    if over.get("employment") == Employment.PARTNER and "provider_id" not in over:
        values["provider_id"] = make_provider(session).id
    technician = Technician(**{**values, **over})
    session.add(technician)
    session.flush()
    for skill, level in (skills or {}).items():
        session.add(TechnicianSkill(technician_id=technician.id, skill=skill, level=level))
    for kind in credentials:
        make_credential(session, technician, kind=kind)
    session.flush()
    return technician


def make_credential(session: Session, technician: Technician, **over: Any) -> Credential:
    """Valid without end unless said otherwise."""
    values: dict[str, Any] = {
        "technician_id": technician.id,
        "kind": "gas",
        "status": CredentialStatus.VALID,
    }
    credential = Credential(**{**values, **over})
    session.add(credential)
    session.flush()
    return credential


def make_shift(
    session: Session,
    technician: Technician,
    starts_at: datetime,
    *,
    hours: float = 8,
    breaks: Sequence[tuple[datetime, datetime, int]] = (),
    **over: Any,
) -> Shift:
    """A shift of `hours`; each break is (earliest start, latest start, minutes).

    No rule of working time cuts it unless `override_reason` is None.
    """
    values: dict[str, Any] = {
        "override_reason": "as the test says",
        "technician_id": technician.id,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
    }
    shift = Shift(**{**values, **over})
    shift.breaks = [
        ShiftBreak(earliest=earliest, latest=latest, minutes=minutes)
        for earliest, latest, minutes in breaks
    ]
    session.add(shift)
    session.flush()
    return shift


def make_absence(
    session: Session, technician: Technician, starts_at: datetime, ends_at: datetime, **over: Any
) -> Absence:
    values: dict[str, Any] = {
        "technician_id": technician.id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "kind": AbsenceKind.ILLNESS,
    }
    absence = Absence(**{**values, **over})
    session.add(absence)
    session.flush()
    return absence
