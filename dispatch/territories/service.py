"""Changing territories, and the rule which of them serves a position."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from dispatch.customers.places import check_position, check_time_zone
from dispatch.customers.ports import TerritoryFit
from dispatch.territories import queries
from dispatch.territories.models import Territory
from kernel.geo import Point, distance_m


def create_territory(
    session: Session,
    *,
    name: str,
    time_zone: str,
    latitude: float,
    longitude: float,
    region: str = "",
    emergency_reserve_pct: int = 0,
    external_id: str | None = None,
) -> Territory:
    check_position(latitude, longitude)
    territory = Territory(
        name=name,
        time_zone=check_time_zone(time_zone),
        region=region,
        latitude=latitude,
        longitude=longitude,
        emergency_reserve_pct=emergency_reserve_pct,
        external_id=external_id,
    )
    session.add(territory)
    session.flush()
    return territory


def update_territory(
    session: Session, territory: Territory, changes: Mapping[str, Any]
) -> Territory:
    if "time_zone" in changes:
        check_time_zone(changes["time_zone"])
    for column, value in changes.items():
        setattr(territory, column, value)
    check_position(territory.latitude, territory.longitude)
    session.flush()
    return territory


def find_for(session: Session, point: Point) -> Territory | None:
    """The territory whose centre is nearest; None when there is no territory."""
    return min(
        queries.list_territories(session),
        key=lambda territory: distance_m(point, Point(territory.latitude, territory.longitude)),
        default=None,
    )


class NearestTerritory:
    """The customers' TerritoryRule."""

    def territory_for(self, session: Session, point: Point) -> TerritoryFit | None:
        territory = find_for(session, point)
        return TerritoryFit(territory.id, territory.time_zone) if territory else None
