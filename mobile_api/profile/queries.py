"""Reads what the phone shows of a person's own profile."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer
from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.preferences.lifecycle import Wisher
from dispatch.technicians.preferences.models import Preference
from dispatch.technicians.suspensions.models import Appeal, Suspension
from dispatch.technicians.suspensions.queries import select_appeals, select_suspensions
from dispatch.work_orders.models import Visit
from kernel.errors import NotFound


def require_known_customer(session: Session, technician_id: UUID, customer_id: UUID) -> None:
    """NotFound unless the technician has or had work at this customer."""
    known = session.scalar(
        select(Assignment.id)
        .join(Visit, Visit.id == Assignment.visit_id)
        .where(Assignment.technician_id == technician_id, Visit.customer_id == customer_id)
        .limit(1)
    )
    if known is None:
        raise NotFound("customer", customer_id)


def list_own_preferences(
    session: Session, technician_id: UUID
) -> list[tuple[Preference, Customer]]:
    rows = session.execute(
        select(Preference, Customer)
        .join(Customer, Customer.id == Preference.customer_id)
        .where(Preference.technician_id == technician_id, Preference.side == Wisher.TECHNICIAN)
        .order_by(Customer.name, Preference.id)
    )
    return [(preference, customer) for preference, customer in rows]


def list_own_suspensions(
    session: Session, technician_id: UUID
) -> list[tuple[Suspension, list[Appeal]]]:
    """Newest first, with the appeals against each."""
    appeals = session.scalars(select_appeals(technician_id).order_by(Appeal.id)).all()
    found = session.scalars(select_suspensions(technician_id).order_by(Suspension.id.desc()))
    return [(one, [row for row in appeals if row.suspension_id == one.id]) for one in found]
