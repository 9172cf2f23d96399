"""Reads everything that a person's own file shows."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.clearance.queries import get_clearance
from dispatch.technicians.clearance.rules import Clearance
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Absence, Technician
from dispatch.technicians.queries import get_technician, list_absences
from kernel.clock import now
from marketplace.onboarding.models import Onboarding
from marketplace.onboarding.queries import find_of_technician, lacks_of
from marketplace.terms.models import Terms
from marketplace.terms.queries import find_consent, find_newest

AHEAD = timedelta(days=365)


@dataclass(frozen=True)
class Standing:
    """Where somebody stands on the way to work."""

    technician: Technician
    onboarding: Onboarding | None
    lacks: list[str]
    clearance: Clearance
    terms: Terms | None
    """To agree to."""
    absences: list[Absence]


def get_standing(session: Session, technician_id: UUID) -> Standing:
    technician = get_technician(session, technician_id)
    newest, at = find_newest(session), now(session)
    is_bound = (
        newest is None
        or technician.employment is not Employment.FREELANCE
        or find_consent(session, technician_id, newest.id) is not None
    )
    return Standing(
        technician=technician,
        onboarding=find_of_technician(session, technician_id),
        lacks=lacks_of(session, [technician])[technician_id],
        clearance=get_clearance(session, technician_id),
        terms=None if is_bound else newest,
        absences=list_absences(session, [technician_id], at, at + AHEAD),
    )
