"""Writes of depots."""

from collections.abc import Mapping
from itertools import chain, pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from dispatch.parts.depots.models import Depot
from dispatch.territories.queries import get_territory
from kernel.errors import Invalid


def create_depot(session: Session, **values: Any) -> Depot:
    """`values` are the columns of Depot. Raises Invalid `depot_hours`, `depot_zone`."""
    if values.get("territory_id") is not None:
        get_territory(session, values["territory_id"])
    depot = Depot(**values)
    _check(depot)
    session.add(depot)
    session.flush()
    return depot


def edit_depot(session: Session, depot: Depot, changes: Mapping[str, Any]) -> Depot:
    """Set the named columns. Raises Invalid `depot_hours`."""
    for name, value in changes.items():
        setattr(depot, name, value)
    _check(depot)
    session.flush()
    return depot


def _check(depot: Depot) -> None:
    try:
        ZoneInfo(depot.time_zone)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        raise Invalid(f"{depot.time_zone} is not a time zone.", code="depot_zone") from None
    days = depot.weekly or []
    in_order = all(
        before < after for day in days for before, after in pairwise(chain.from_iterable(day))
    )
    if not in_order or len(days) not in (0, 7) or (days and not any(days)):
        raise Invalid("Opening hours are seven days, open once at least.", code="depot_hours")
