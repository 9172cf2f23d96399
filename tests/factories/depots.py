"""Depots for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from dispatch.parts.depots.models import Depot
from tests.factories.territories import BERLIN

_numbers = count(1)


def make_depot(session: Session, *, east: float = 0.0, **over: Any) -> Depot:
    """Always open, in central Berlin or so many degrees east of it; ten minutes a visit."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"Depot {number}",
        "address": f"Lagerstraße {number}, Berlin",
        "latitude": BERLIN[0],
        "longitude": BERLIN[1] + east,
        "time_zone": "Europe/Berlin",
    }
    depot = Depot(**{**values, **over})
    session.add(depot)
    session.flush()
    return depot
