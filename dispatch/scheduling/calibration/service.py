"""Learning the factors of travel times from what was driven."""

from collections import defaultdict
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.scheduling.calibration import queries
from dispatch.scheduling.calibration.fitting import Trip, fit
from dispatch.territories.queries import list_territories
from dispatch.travel import service as travel
from dispatch.travel.lifecycle import PARTS, Hours, hours_of
from dispatch.travel.models import TravelFactor
from dispatch.travel.service import Learned
from dispatch.travel.times import TravelTimes, travel_times
from kernel import clock

LOOK_BACK = timedelta(days=90)


def calibrate(session: Session, look_back: timedelta = LOOK_BACK) -> list[TravelFactor]:
    """Learn the factor of each territory and of its hours; nothing where trips are too few."""
    plain = travel_times().without_factors()
    zones = {row.id: ZoneInfo(row.time_zone) for row in list_territories(session)}
    by_hours: dict[UUID, dict[Hours, list[Trip]]] = defaultdict(lambda: defaultdict(list))
    for driven in queries.trips_since(session, clock.now(session) - look_back):
        if driven.territory_id not in zones or not plain.is_known(driven.origin, driven.target):
            continue
        trip = Trip(driven.seconds, plain.between(driven.origin, driven.target))
        hours = hours_of(driven.left_at.astimezone(zones[driven.territory_id]))
        by_hours[driven.territory_id][Hours.ALL].append(trip)
        by_hours[driven.territory_id][hours].append(trip)
    found = [
        row
        for territory_id, trips in by_hours.items()
        for row in _learn(session, territory_id, plain, trips)
    ]
    travel.refresh(session, at_once=True)
    return found


def _learn(
    session: Session, territory_id: UUID, plain: TravelTimes, trips: dict[Hours, list[Trip]]
) -> list[TravelFactor]:
    whole = fit(trips[Hours.ALL])
    if whole is None:
        return []
    fits = {Hours.ALL: whole}
    for hours in PARTS:
        part = fit(trips.get(hours, ()), expected=whole.factor)
        if part is not None:
            fits[hours] = part
    return [
        travel.learn_factor(
            session,
            territory_id,
            plain.source,
            hours,
            Learned(found.factor, found.low, found.high, found.trips),
        )
        for hours, found in fits.items()
    ]
