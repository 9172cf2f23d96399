"""HTTP for a person's own profile: what one hands in, whom one works for, and appeals."""

from uuid import UUID

from dispatch.technicians.models import Credential
from dispatch.technicians.preferences.lifecycle import Wisher
from dispatch.technicians.preferences.models import Preference
from dispatch.technicians.preferences.schemas import OwnPreferenceIn, PreferenceOut
from dispatch.technicians.preferences.service import drop_preference, set_preference
from dispatch.technicians.qualifications.schemas import CredentialOut
from dispatch.technicians.service import update_own, withdraw_own_absence
from dispatch.technicians.suspensions import service as suspensions
from dispatch.technicians.suspensions.models import Appeal
from dispatch.technicians.suspensions.schemas import AppealIn, AppealOut, SuspensionOut
from kernel.http import Router, Session
from marketplace.availability.models import WeeklyHours
from marketplace.availability.schemas import WeeklyHoursOut
from marketplace.availability.service import Hours, set_hours
from marketplace.documents.service import claim_credential
from marketplace.onboarding import service as onboarding
from marketplace.onboarding.models import Onboarding
from marketplace.rate_cards.models import RateCard
from marketplace.rate_cards.schemas import RateCardIn, RateCardOut
from marketplace.rate_cards.service import propose_card
from marketplace.skill_claims.models import SkillClaim
from marketplace.skill_claims.schemas import SkillClaimIn, SkillClaimOut
from marketplace.skill_claims.service import claim_skill
from marketplace.terms.models import Consent
from marketplace.terms.schemas import ConsentIn, ConsentOut
from marketplace.terms.service import consent
from mobile_api.profile import queries
from mobile_api.profile.schemas import (
    OwnCredentialIn,
    OwnFile,
    OwnFilePatch,
    OwnHoursIn,
    OwnPreference,
    OwnSuspension,
    SubmittedOut,
)
from mobile_api.profile.views import show_file
from mobile_api.technician.access import FieldId

router = Router(prefix="/api/technician", tags=["technician"])


@router.get("/file")
def own_file(technician_id: FieldId, session: Session) -> OwnFile:
    """Everything that is kept about one's work, what is missing, and what waits for an answer."""
    return show_file(session, technician_id)


@router.patch("/file", status_code=204)
def change_own_file(wanted: OwnFilePatch, technician_id: FieldId, session: Session) -> None:
    """Where one starts from, how far one goes, and how many hours a week one takes."""
    update_own(session, technician_id, wanted.changes())


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
def withdraw_absence(absence_id: UUID, technician_id: FieldId, session: Session) -> None:
    """One is there after all."""
    withdraw_own_absence(session, technician_id, absence_id)


@router.post("/file/submit", response_model=SubmittedOut)
def submit(technician_id: FieldId, session: Session) -> Onboarding:
    """Have the office look at it, so that one can be given work."""
    return onboarding.submit(session, technician_id)


@router.get("/preferences")
def list_preferences(technician_id: FieldId, session: Session) -> list[OwnPreference]:
    """The customers one blocked or prefers; what they wish is not told."""
    return [
        OwnPreference(
            customer_id=customer.id,
            customer_name=customer.name,
            stance=row.stance,
            reason=row.reason,
        )
        for row, customer in queries.list_own_preferences(session, technician_id)
    ]


@router.put("/customers/{customer_id}/preference", response_model=PreferenceOut)
def set_own_preference(
    customer_id: UUID, wanted: OwnPreferenceIn, technician_id: FieldId, session: Session
) -> Preference:
    """Never again, or gladly; of a customer one has or had a job at."""
    queries.require_known_customer(session, technician_id, customer_id)
    return set_preference(
        session, Wisher.TECHNICIAN, customer_id, technician_id, wanted.stance, wanted.reason
    )


@router.delete("/customers/{customer_id}/preference", status_code=204)
def drop_own_preference(customer_id: UUID, technician_id: FieldId, session: Session) -> None:
    """Neither any more."""
    queries.require_known_customer(session, technician_id, customer_id)
    drop_preference(session, Wisher.TECHNICIAN, customer_id, technician_id)


@router.get("/suspensions")
def list_own_suspensions(technician_id: FieldId, session: Session) -> list[OwnSuspension]:
    """Why one gets no work, and what became of one's appeals; newest first."""
    return [
        OwnSuspension(
            suspension=SuspensionOut.model_validate(one),
            appeals=[AppealOut.model_validate(appeal) for appeal in appeals],
        )
        for one, appeals in queries.list_own_suspensions(session, technician_id)
    ]


@router.post("/suspensions/{suspension_id}/appeal", response_model=AppealOut, status_code=201)
def appeal(
    suspension_id: UUID, wanted: AppealIn, technician_id: FieldId, session: Session
) -> Appeal:
    """Ask for another look; somebody else decides, or it is granted after seven days."""
    return suspensions.appeal(session, suspension_id, technician_id, wanted.words)
