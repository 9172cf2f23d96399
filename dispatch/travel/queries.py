"""Reading road times and travel factors."""

from collections.abc import Collection, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.territories.models import Territory
from dispatch.territories.queries import list_territories
from dispatch.travel.factors import Area, Factors
from dispatch.travel.lifecycle import Hours
from dispatch.travel.memory import Known
from dispatch.travel.models import RoadTimes, TravelFactor
from kernel.geo import Point


def known_from(session: Session, network: str, origins: Collection[int]) -> dict[int, Known]:
    """What a network said about trips from these cells."""
    rows = session.execute(
        select(RoadTimes.origin, RoadTimes.targets, RoadTimes.seconds, RoadTimes.fetched_at).where(
            RoadTimes.network == network, RoadTimes.origin.in_(origins)
        )
    )
    return {
        origin: Known(
            np.frombuffer(targets, dtype="<i8"),
            np.frombuffer(seconds, dtype="<f4"),
            fetched_at.timestamp(),
        )
        for origin, targets, seconds, fetched_at in rows
    }


def list_factors(session: Session, source: str) -> Sequence[TravelFactor]:
    return session.scalars(
        select(TravelFactor)
        .join(Territory, Territory.id == TravelFactor.territory_id)
        .where(TravelFactor.source == source)
        .order_by(Territory.name, TravelFactor.hours)
    ).all()


def find_factor(
    session: Session, territory_id: UUID, source: str, hours: Hours
) -> TravelFactor | None:
    return session.scalar(
        select(TravelFactor).where(
            TravelFactor.territory_id == territory_id,
            TravelFactor.source == source,
            TravelFactor.hours == hours,
        )
    )


def factors(session: Session, source: str) -> Factors:
    """Every territory with its factors; none at all where nothing was learned or configured."""
    known: dict[UUID, dict[Hours, float]] = {}
    for row in list_factors(session, source):
        known.setdefault(row.territory_id, {})[row.hours] = row.factor
    if not known:
        return Factors()
    return Factors(
        tuple(
            Area(
                Point(territory.latitude, territory.longitude),
                ZoneInfo(territory.time_zone),
                known.get(territory.id, {}),
            )
            for territory in list_territories(session)
        )
    )
