"""HTTP for a person's own profile: whom one works for."""

from uuid import UUID

from dispatch.technicians.preferences.lifecycle import Wisher
from dispatch.technicians.preferences.models import Preference
from dispatch.technicians.preferences.schemas import OwnPreferenceIn, PreferenceOut
from dispatch.technicians.preferences.service import drop_preference, set_preference
from kernel.http import Router, Session
from mobile_api.profile import queries
from mobile_api.profile.schemas import OwnPreference
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
