"""Reads what decides whether somebody may be given work."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.technicians.clearance.rules import Clearance, clearance_of
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Credential, CredentialKind, Technician
from kernel.db import get


def required_kinds(session: Session) -> Mapping[Employment, dict[str, str]]:
    """By employment, the kinds of credential that everybody needs, with their names."""
    found: dict[Employment, dict[str, str]] = {one: {} for one in Employment}
    for kind in session.scalars(select(CredentialKind).order_by(CredentialKind.kind)):
        for employment in kind.required_of:
            found[Employment(employment)][kind.kind] = kind.name
    return found


def clearances(
    session: Session,
    technicians: Iterable[Technician],
    credentials: Mapping[UUID, list[Credential]],
) -> dict[UUID, Clearance]:
    """Of technicians whose credentials are known already."""
    required = required_kinds(session)
    return {
        one.id: clearance_of(one, credentials.get(one.id, []), required[one.employment])
        for one in technicians
    }


def get_clearance(session: Session, technician_id: UUID) -> Clearance:
    """Of one technician; NotFound when there is none."""
    technician = get(session, Technician, technician_id)
    held = list(
        session.scalars(select(Credential).where(Credential.technician_id == technician_id))
    )
    return clearances(session, [technician], {technician_id: held})[technician_id]
