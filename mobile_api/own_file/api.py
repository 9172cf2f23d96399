"""HTTP for what a person hands in about themselves."""

from uuid import UUID

from dispatch.technicians import queries as technicians
from dispatch.technicians.models import Credential
from dispatch.technicians.qualifications.schemas import CredentialOut, SkillOut
from dispatch.technicians.schemas import AbsenceOut
from dispatch.technicians.service import update_technician, withdraw_absence
from kernel import clock
from kernel.http import Router, Session
from marketplace.availability.models import WeeklyHours
from marketplace.availability.queries import list_hours
from marketplace.availability.schemas import WeeklyHoursOut
from marketplace.availability.service import Hours, set_hours
from marketplace.documents.service import claim_credential
from marketplace.onboarding import service as onboarding
from marketplace.onboarding.models import Onboarding
from marketplace.rate_cards.lifecycle import RateCardStatus
from marketplace.rate_cards.models import RateCard
from marketplace.rate_cards.queries import find_card
from marketplace.rate_cards.schemas import RateCardIn, RateCardOut
from marketplace.rate_cards.service import propose_card
from marketplace.skill_claims.models import SkillClaim
from marketplace.skill_claims.queries import select_claims
from marketplace.skill_claims.schemas import SkillClaimIn, SkillClaimOut
from marketplace.skill_claims.service import claim_skill
from marketplace.terms.models import Consent
from marketplace.terms.schemas import ConsentIn, ConsentOut, TermsOut
from marketplace.terms.service import consent
from marketplace.transfers.queries import find_destination
from mobile_api.own_file.queries import get_standing
from mobile_api.own_file.schemas import (
    OwnCredentialIn,
    OwnFile,
    OwnFilePatch,
    OwnHoursIn,
    SubmittedOut,
)
from mobile_api.technician.access import FieldId

router = Router(prefix="/api/technician", tags=["technician"])


@router.get("/file")
def own_file(technician_id: FieldId, session: Session) -> OwnFile:
    """Everything that is kept about one's work, what is missing, and what waits for an answer."""
    standing = get_standing(session, technician_id)
    person, joining = standing.technician, standing.onboarding
    card = find_card(session, technician_id, RateCardStatus.IN_FORCE)
    asked = find_card(session, technician_id, RateCardStatus.PROPOSED)
    bank = find_destination(session, technician_id)
    claims = session.scalars(select_claims(technician_id).order_by(SkillClaim.id)).all()
    is_cleared = standing.clearance.covers(clock.now(session))
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
        lacks=standing.lacks,
        bar="" if is_cleared else standing.clearance.sentence,
        terms=TermsOut.model_validate(standing.terms) if standing.terms else None,
        bank_label=bank.label if bank else None,
        skills=[
            SkillOut.model_validate(one) for one in technicians.list_skills(session, technician_id)
        ],
        skill_claims=[SkillClaimOut.model_validate(one) for one in claims],
        credentials=[
            CredentialOut.model_validate(one)
            for one in technicians.list_credentials(session, technician_id)
        ],
        rate_card=RateCardOut.model_validate(card) if card else None,
        proposed_rate_card=RateCardOut.model_validate(asked) if asked else None,
        hours=[WeeklyHoursOut.model_validate(row) for row in list_hours(session, [technician_id])],
        absences=[AbsenceOut.model_validate(row) for row in standing.absences],
    )


@router.patch("/file", status_code=204)
def change_own_file(wanted: OwnFilePatch, technician_id: FieldId, session: Session) -> None:
    """Where one starts from, how far one goes, and how many hours a week one takes."""
    technician = technicians.get_technician(session, technician_id)
    update_technician(session, technician, wanted.changes())


@router.post("/consents", response_model=ConsentOut, status_code=201)
def agree(wanted: ConsentIn, technician_id: FieldId, session: Session) -> Consent:
    """Agree to the newest terms."""
    return consent(session, technician_id, wanted.number)


@router.put("/hours", response_model=list[WeeklyHoursOut])
def set_own_hours(
    wanted: OwnHoursIn, technician_id: FieldId, session: Session
) -> list[WeeklyHours]:
    """The hours of a week in which one wants to be asked."""
    hours = [Hours(one.weekday, one.opens, one.closes) for one in wanted.hours]
    return list(set_hours(session, technician_id, hours))


@router.put("/rate-card", response_model=RateCardOut)
def propose_own_card(wanted: RateCardIn, technician_id: FieldId, session: Session) -> RateCard:
    """Ask for these rates; they count once the office has agreed."""
    return propose_card(session, technician_id, **wanted.model_dump())


@router.post("/skill-claims", response_model=SkillClaimOut, status_code=201)
def claim_own_skill(wanted: SkillClaimIn, technician_id: FieldId, session: Session) -> SkillClaim:
    """A skill with the paper that shows it; it counts once the office has looked at it."""
    return claim_skill(session, technician_id, **wanted.model_dump())


@router.post("/credentials", response_model=CredentialOut, status_code=201)
def claim_own_credential(
    wanted: OwnCredentialIn, technician_id: FieldId, session: Session
) -> Credential:
    """A proof with its paper; it counts once the office has verified it."""
    return claim_credential(session, technician_id, **wanted.model_dump())


@router.delete("/absences/{absence_id}", status_code=204)
def withdraw_own_absence(absence_id: UUID, technician_id: FieldId, session: Session) -> None:
    """One is there after all."""
    withdraw_absence(session, technician_id, absence_id)


@router.post("/file/submit", response_model=SubmittedOut)
def submit(technician_id: FieldId, session: Session) -> Onboarding:
    """Have the office look at it, so that one can be given work."""
    return onboarding.submit(session, technician_id)
