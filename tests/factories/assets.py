"""Assets for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Site
from tests.factories.customers import make_site

_numbers = count(1)


def make_asset(session: Session, site: Site | None = None, **over: Any) -> Asset:
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"Boiler {number}",
        "model": "B-200",
        "serial": f"SN{number:06d}",
    }
    if "site_id" not in over:
        values["site_id"] = (site or make_site(session)).id
    asset = Asset(**{**values, **over})
    session.add(asset)
    session.flush()
    return asset
