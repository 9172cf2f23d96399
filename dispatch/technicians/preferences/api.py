"""HTTP for block and prefer lists: the office writes what customers and technicians tell it."""

from uuid import UUID

from dispatch.accounts.access import Office, Planner
from dispatch.technicians.preferences import queries, service
from dispatch.technicians.preferences.lifecycle import Wisher
from dispatch.technicians.preferences.models import Preference
from dispatch.technicians.preferences.schemas import PreferenceIn, PreferenceOut
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import page_of

router = Router(prefix="/api/preferences", tags=["technicians"])


@router.get("")
def list_preferences(
    session: Session,
    _: Office,
    customer_id: UUID | None = None,
    technician_id: UUID | None = None,
    cursor: str | None = None,
) -> Page[PreferenceOut]:
    """Of one customer, of one technician, or all."""
    statement = queries.select_preferences(customer_id, technician_id)
    return page_of(PreferenceOut, paginate(session, statement, Preference.id, cursor))


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
