"""What a person's own profile shows."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.clearance.queries import get_clearance
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from dispatch.technicians.qualifications.schemas import CredentialOut, SkillOut
from dispatch.technicians.queries import (
    get_technician,
    list_absences,
    list_credentials,
    list_shifts,
    list_skills,
)
from dispatch.technicians.schemas import AbsenceOut, ShiftOut
from kernel.clock import now
from marketplace.availability.queries import list_hours
from marketplace.availability.schemas import WeeklyHoursOut
from marketplace.onboarding.queries import find_of_technician, lacks_of
from marketplace.rate_cards.lifecycle import RateCardStatus
from marketplace.rate_cards.queries import find_card
from marketplace.rate_cards.schemas import RateCardOut
from marketplace.skill_claims.models import SkillClaim
from marketplace.skill_claims.queries import select_claims
from marketplace.skill_claims.schemas import SkillClaimOut
from marketplace.terms.queries import find_consent, find_newest
from marketplace.terms.schemas import TermsOut
from marketplace.transfers.queries import find_destination
from mobile_api.profile.schemas import OwnFile

AHEAD = timedelta(days=365)
SHIFTS_AHEAD = timedelta(days=14)


def show_file(session: Session, technician_id: UUID) -> OwnFile:
    """Everything that is kept about somebody's work, as they may see it themselves."""
    person, at = get_technician(session, technician_id), now(session)
    joining = find_of_technician(session, technician_id)
    clearance = get_clearance(session, technician_id)
    card = find_card(session, technician_id, RateCardStatus.IN_FORCE)
    asked = find_card(session, technician_id, RateCardStatus.PROPOSED)
    bank = find_destination(session, technician_id)
    claims = session.scalars(select_claims(technician_id).order_by(SkillClaim.id)).all()
    ids = [technician_id]
    return OwnFile(
        id=person.id,
        name=person.name,
        employment=person.employment,
        active=person.active,
        latitude=person.latitude,
        longitude=person.longitude,
        max_travel_km=person.max_travel_km,
        max_week_hours=person.max_week_hours,
        languages=person.languages,
        onboarding_status=joining.status if joining else None,
        note=joining.note if joining else "",
        lacks=lacks_of(session, [person])[technician_id],
        bar_code="" if clearance.covers(at) else clearance.code,
        terms=_to_agree_to(session, person),
        bank_label=bank.label if bank else None,
        skills=[SkillOut.model_validate(one) for one in list_skills(session, technician_id)],
        skill_claims=[SkillClaimOut.model_validate(one) for one in claims],
        credentials=[
            CredentialOut.model_validate(one) for one in list_credentials(session, technician_id)
        ],
        hourly_cents=person.hourly_cents,
        travel_cents_per_hour=person.travel_cents_per_hour,
        currency=person.currency,
        rate_card=RateCardOut.model_validate(card) if card else None,
        proposed_rate_card=RateCardOut.model_validate(asked) if asked else None,
        hours=[WeeklyHoursOut.model_validate(row) for row in list_hours(session, ids)],
        shifts=[
            ShiftOut.model_validate(row) for row in list_shifts(session, ids, at, at + SHIFTS_AHEAD)
        ],
        absences=[
            AbsenceOut.model_validate(row) for row in list_absences(session, ids, at, at + AHEAD)
        ],
    )


def _to_agree_to(session: Session, person: Technician) -> TermsOut | None:
    newest = find_newest(session)
    if newest is None or person.employment is not Employment.FREELANCE:
        return None
    agreed = find_consent(session, person.id, newest.id)
    return None if agreed else TermsOut.model_validate(newest)
