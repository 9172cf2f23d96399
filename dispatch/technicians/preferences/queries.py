"""Reads block and prefer lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
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


def list_preferences(
    session: Session,
    *,
    customer_id: UUID | None = None,
    technician_id: UUID | None = None,
    side: Wisher | None = None,
) -> Sequence[Preference]:
    """Of one customer, one technician or both; oldest first."""
    statement = select(Preference).order_by(Preference.id)
    if customer_id is not None:
        statement = statement.where(Preference.customer_id == customer_id)
    if technician_id is not None:
        statement = statement.where(Preference.technician_id == technician_id)
    if side is not None:
        statement = statement.where(Preference.side == side)
    return session.scalars(statement).all()


def wishes_about(session: Session, customer_id: UUID) -> Wishes:
    """A block of either side holds against the wish of the other to meet. That a technician
    prefers the customer gives no advantage over others; pools can be made of it."""
    rows = list_preferences(session, customer_id=customer_id)
    blocked = frozenset(row.technician_id for row in rows if row.stance is Stance.BLOCK)
    liked = {row.technician_id for row in rows if row.side is Wisher.CUSTOMER}
    return Wishes(blocked, frozenset(liked - blocked))
