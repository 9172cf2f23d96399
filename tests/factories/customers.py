"""Customers, sites and keys for tests."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site, SiteKey
from kernel import clock
from tests.factories.territories import BERLIN, make_territory

_numbers = count(1)


def make_customer(session: Session, **over: Any) -> Customer:
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"Customer {number}",
        "email": f"customer{number}@example.com",
        "phone": f"+4930555{number:05d}",
    }
    customer = Customer(**{**values, **over})
    session.add(customer)
    session.flush()
    return customer


def make_site(session: Session, customer: Customer | None = None, **over: Any) -> Site:
    """In central Berlin, of a new customer and in a new territory unless given."""
    values: dict[str, Any] = {
        "address": f"Teststraße {next(_numbers)}, Berlin",
        "latitude": BERLIN[0] + 0.01,
        "longitude": BERLIN[1] + 0.01,
        "time_zone": "Europe/Berlin",
    }
    if "customer_id" not in over:
        values["customer_id"] = (customer or make_customer(session)).id
    if "territory_id" not in over:
        values["territory_id"] = make_territory(session).id
    site = Site(**{**values, **over})
    session.add(site)
    session.flush()
    return site


def make_site_key(session: Session, site: Site, **over: Any) -> SiteKey:
    """Valid from an hour ago for a day, unless said otherwise."""
    at = clock.now(session)
    values: dict[str, Any] = {
        "site_id": site.id,
        "label": "Cellar door",
        "secret": "4711",
        "valid_from": at - timedelta(hours=1),
        "valid_until": at + timedelta(hours=23),
    }
    key = SiteKey(**{**values, **over})
    session.add(key)
    session.flush()
    return key
