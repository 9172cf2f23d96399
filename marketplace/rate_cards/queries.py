"""Reads rate cards."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kernel.db import among
from marketplace.rate_cards.lifecycle import RateCardStatus
from marketplace.rate_cards.models import RateCard


def find_card(session: Session, technician_id: UUID, status: RateCardStatus) -> RateCard | None:
    """The one in force, or the one that waits for an answer."""
    return session.scalar(
        select(RateCard).where(RateCard.technician_id == technician_id, RateCard.status == status)
    )


def cards_in_force(session: Session, technician_ids: Collection[UUID]) -> dict[UUID, RateCard]:
    rows = session.scalars(
        select(RateCard).where(
            among(RateCard.technician_id, technician_ids),
            RateCard.status == RateCardStatus.IN_FORCE,
        )
    )
    return {row.technician_id: row for row in rows}


def select_cards(
    technician_id: UUID | None = None, status: RateCardStatus | None = None
) -> Select[RateCard]:
    statement = select(RateCard)
    if technician_id is not None:
        statement = statement.where(RateCard.technician_id == technician_id)
    if status is not None:
        statement = statement.where(RateCard.status == status)
    return statement
