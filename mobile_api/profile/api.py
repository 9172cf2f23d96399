"""HTTP for a person's own profile: whom one works for, and what stands against working."""

from uuid import UUID

from dispatch.technicians.preferences.lifecycle import Wisher
from dispatch.technicians.preferences.models import Preference
from dispatch.technicians.preferences.schemas import OwnPreferenceIn, PreferenceOut
from dispatch.technicians.preferences.service import drop_preference, set_preference
from dispatch.technicians.suspensions import service as suspensions
from dispatch.technicians.suspensions.models import Appeal
from dispatch.technicians.suspensions.schemas import AppealIn, AppealOut, SuspensionOut
from kernel.http import Router, Session
from mobile_api.profile import queries
from mobile_api.profile.schemas import OwnPreference, OwnSuspension
from mobile_api.technician.access import FieldId

router = Router(prefix="/api/technician", tags=["technician"])


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
