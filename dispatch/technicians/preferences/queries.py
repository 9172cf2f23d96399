"""Reads block and prefer lists."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.technicians.preferences.lifecycle import Stance, Wisher
from dispatch.technicians.preferences.models import Preference


@dataclass(frozen=True)
class Wishes:
    """Who is never sent to a customer, and whom the customer prefers."""

    blocked: frozenset[UUID] = frozenset()
    preferred: frozenset[UUID] = frozenset()


def find_preference(
    session: Session, side: Wisher, customer_id: UUID, technician_id: UUID
) -> Preference | None:
    return session.scalar(
        select(Preference).where(
            Preference.side == side,
            Preference.customer_id == customer_id,
            Preference.technician_id == technician_id,
        )
    )


def select_preferences(
    customer_id: UUID | None = None, technician_id: UUID | None = None
) -> Select[Preference]:
    statement = select(Preference)
    if customer_id is not None:
        statement = statement.where(Preference.customer_id == customer_id)
    if technician_id is not None:
        statement = statement.where(Preference.technician_id == technician_id)
    return statement


def wishes_about(session: Session, customer_id: UUID) -> Wishes:
    """A block of either side holds against the wish of the other to meet. That a technician
    prefers the customer gives no advantage over others; pools can be made of it."""
    rows = session.scalars(select_preferences(customer_id)).all()
    blocked = frozenset(row.technician_id for row in rows if row.stance is Stance.BLOCK)
    liked = {row.technician_id for row in rows if row.side is Wisher.CUSTOMER}
    return Wishes(blocked, frozenset(liked - blocked))
