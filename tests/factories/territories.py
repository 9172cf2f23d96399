"""Territories for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from dispatch.territories.models import Territory

_numbers = count(1)
BERLIN = (52.52, 13.405)


def make_territory(session: Session, **over: Any) -> Territory:
    """Central Berlin unless said otherwise."""
    values: dict[str, Any] = {
        "name": f"Territory {next(_numbers)}",
        "time_zone": "Europe/Berlin",
        "region": "DE-BE",
        "latitude": BERLIN[0],
        "longitude": BERLIN[1],
    }
    territory = Territory(**{**values, **over})
    session.add(territory)
    session.flush()
    return territory
