"""Writes block and prefer lists; what follows for open work is told by an event."""

from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.customers.models import Customer
from dispatch.events import PreferenceChanged
from dispatch.technicians.models import Technician
from dispatch.technicians.preferences.lifecycle import Stance, Wisher
from dispatch.technicians.preferences.models import Preference
from dispatch.technicians.preferences.queries import find_preference
from kernel.db import get, locked
from kernel.events import publish


def set_preference(
    session: Session,
    side: Wisher,
    customer_id: UUID,
    technician_id: UUID,
    stance: Stance,
    reason: str = "",
) -> Preference:
    """One side's wish, in place of what it wished before.

    The technician is locked, so that nobody accepts an offer while a block is being written.
    """
    get(session, Customer, customer_id)
    locked(session, Technician, [technician_id])
    found = find_preference(session, side, customer_id, technician_id)
    if found is None:
        found = Preference(side=side, customer_id=customer_id, technician_id=technician_id)
        session.add(found)
    found.stance, found.reason = stance, reason
    session.flush()
    _tell(session, found)
    return found


def drop_preference(session: Session, side: Wisher, customer_id: UUID, technician_id: UUID) -> None:
    """Nothing is wished any more; repeating it changes nothing."""
    found = find_preference(session, side, customer_id, technician_id)
    if found is None:
        return
    session.delete(found)
    session.flush()
    _tell(session, found)


def _tell(session: Session, changed: Preference) -> None:
    publish(
        session,
        PreferenceChanged(
            of_customer_id=changed.customer_id, of_technician_id=changed.technician_id
        ),
    )
