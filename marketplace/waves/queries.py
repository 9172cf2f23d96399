"""Reads the shares of offers that people had."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.waves.fairness import Share
from marketplace.waves.models import ASKED, Consideration


def shares_since(
    session: Session, technician_ids: Collection[UUID], since: datetime
) -> dict[UUID, Share]:
    """By person, the offers since then against an equal share of those that could be got."""
    got = func.count().filter(Consideration.code == ASKED)
    rows = session.execute(
        select(Consideration.technician_id, func.sum(Consideration.gained), got)
        .where(
            Consideration.technician_id.in_(technician_ids),
            Consideration.decided_at >= since,
            Consideration.gained.is_not(None),
        )
        .group_by(Consideration.technician_id)
    )
    return {key: Share(gained or 0.0, offers - (gained or 0.0)) for key, gained, offers in rows}
