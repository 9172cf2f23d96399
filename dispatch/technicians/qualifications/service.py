"""Changing what technicians may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import CredentialEnded, TechnicianChanged
from dispatch.technicians import queries
from dispatch.technicians.clearance.rules import valid_until
from dispatch.technicians.lifecycle import CREDENTIAL, CredentialStatus
from dispatch.technicians.models import Credential, Technician, TechnicianSkill
from kernel import clock
from kernel.db import because, get, locked
from kernel.errors import Conflict, Invalid
from kernel.events import publish


@dataclass(frozen=True)
class SkillHeld:
    skill: str
    level: int
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    speed_pct: int = 100


def set_skills(
    session: Session, technician_id: UUID, skills: Iterable[SkillHeld]
) -> list[TechnicianSkill]:
    """Replace what the technician can do by exactly these skills."""
    wanted = {held.skill.strip().lower(): held for held in skills}
    technician = locked(session, Technician, [technician_id])[0]
    present = {held.skill: held for held in queries.list_skills(session, technician_id)}
    for skill in present.keys() - wanted.keys():
        session.delete(present[skill])
    for skill, held in wanted.items():
        if not skill or not 1 <= held.level <= 5:
            raise Invalid("A skill has a name and a level from 1 to 5.", code="invalid_skill")
        row = present.get(skill) or TechnicianSkill(technician_id=technician_id, skill=skill)
        row.level = held.level
        row.valid_from = held.valid_from
        row.valid_until = held.valid_until
        row.speed_pct = held.speed_pct
        session.add(row)
    session.flush()
    tell_changed(session, technician, "skills")
    return queries.list_skills(session, technician_id)


def add_credential(
    session: Session, technician_id: UUID, *, kind: str, expires_at: datetime | None = None
) -> Credential:
    """It counts only once somebody has verified it."""
    queries.get_technician(session, technician_id)
    credential = Credential(technician_id=technician_id, kind=kind, expires_at=expires_at)
    session.add(credential)
    session.flush()
    return credential


def verify_credential(session: Session, credential_id: UUID) -> Credential:
    credential = get(session, Credential, credential_id)
    if credential.expires_at is not None and credential.expires_at <= clock.now(session):
        raise Conflict("This credential has run out already.", code="credential_expired")
    return _move(session, credential, CredentialStatus.VALID)


def revoke_credential(session: Session, credential_id: UUID, reason: str) -> Credential:
    """End it for good and say why; repeating it changes nothing."""
    because(session, reason)
    credential = get(session, Credential, credential_id)
    if credential.status is not CredentialStatus.REVOKED:
        _move(session, credential, CredentialStatus.REVOKED)
        credential.note = reason
        session.flush()
    return credential


def expire_credentials(session: Session) -> int:
    """End the credentials whose time is over; how many. Where no other proves the same,
    CredentialEnded is published, and open work that needs it goes to others."""
    ending = queries.list_credentials_ending(session, clock.now(session))
    for credential in ending:
        _move(session, credential, CredentialStatus.EXPIRED)
    return len(ending)


def _move(session: Session, credential: Credential, to: CredentialStatus) -> Credential:
    """The technician is locked, so that nobody accepts work with a proof that just ended."""
    if credential.status is not to:
        [technician] = locked(session, Technician, [credential.technician_id])
        CREDENTIAL.check(credential.status, to)
        was_valid = credential.status is CredentialStatus.VALID
        credential.status = to
        session.flush()
        tell_changed(session, technician, "credentials")
        if was_valid:
            _tell_ended(session, technician, credential)
    return credential


def _tell_ended(session: Session, technician: Technician, credential: Credential) -> None:
    held = valid_until(queries.list_credentials(session, technician.id))
    at = clock.now(session)
    if credential.kind in held and ((ends := held[credential.kind]) is None or ends > at):
        return
    publish(
        session,
        CredentialEnded(
            technician_id=technician.id,
            territory_id=technician.territory_id,
            credential_id=credential.id,
            kind=credential.kind,
        ),
    )


def tell_changed(session: Session, technician: Technician, what: str) -> None:
    """Publish that the planner has to look at this technician again."""
    publish(
        session,
        TechnicianChanged(
            technician_id=technician.id, territory_id=technician.territory_id, what=what
        ),
    )
