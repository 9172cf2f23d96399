"""HTTP for block and prefer lists: the office writes what customers and technicians tell it."""

from collections.abc import Sequence
from uuid import UUID

from dispatch.accounts.access import Office, Planner
from dispatch.technicians.preferences import queries, service
from dispatch.technicians.preferences.lifecycle import Wisher
from dispatch.technicians.preferences.models import Preference
from dispatch.technicians.preferences.schemas import PreferenceIn, PreferenceOut
from kernel.http import Router, Session

router = Router(prefix="/api/preferences", tags=["technicians"])


@router.get("", response_model=list[PreferenceOut])
def list_preferences(
    session: Session,
    _: Office,
    customer_id: UUID | None = None,
    technician_id: UUID | None = None,
) -> Sequence[Preference]:
    """Of one customer, of one technician, or all."""
    return queries.list_preferences(session, customer_id=customer_id, technician_id=technician_id)


@router.put("", response_model=PreferenceOut)
def set_preference(body: PreferenceIn, session: Session, _: Planner) -> Preference:
    """A block of either side takes the technician off the customer's open visits."""
    return service.set_preference(session, **body.model_dump())


@router.delete("", status_code=204)
def drop_preference(
    side: Wisher, customer_id: UUID, technician_id: UUID, session: Session, _: Planner
) -> None:
    """Nothing is wished any more."""
    service.drop_preference(session, side, customer_id, technician_id)
