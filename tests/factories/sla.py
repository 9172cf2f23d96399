"""Calendars, policies and agreements for tests."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from dispatch.customers.models import Customer
from dispatch.sla.models import Agreement, Calendar, SlaPolicy
from tests.factories.customers import make_customer

_numbers = count(1)
OFFICE_WEEK = [[["08:00", "18:00"]]] * 5 + [[], []]


def make_calendar(session: Session, **over: Any) -> Calendar:
    """Monday to Friday from 8 to 18 in Berlin, closed on its holidays."""
    values: dict[str, Any] = {
        "name": f"Calendar {next(_numbers)}",
        "time_zone": "Europe/Berlin",
        "weekly": OFFICE_WEEK,
        "region": "DE-BE",
    }
    calendar = Calendar(**{**values, **over})
    session.add(calendar)
    session.flush()
    return calendar


def make_policy(session: Session, **over: Any) -> SlaPolicy:
    """Day and night: respond in 30 minutes, arrive in 4 hours, resolve in 24."""
    values: dict[str, Any] = {
        "name": f"Policy {next(_numbers)}",
        "respond_minutes": 30,
        "arrive_minutes": 240,
        "resolve_minutes": 1440,
    }
    policy = SlaPolicy(**{**values, **over})
    session.add(policy)
    session.flush()
    return policy


def make_agreement(session: Session, customer: Customer | None = None, **over: Any) -> Agreement:
    """Covers no work type unless told; in force for all of this century."""
    values: dict[str, Any] = {
        "customer_id": (customer or make_customer(session)).id,
        "name": f"Agreement {next(_numbers)}",
        "covers": [],
        "starts_on": date(2000, 1, 1),
        "ends_on": date(2099, 12, 31),
    }
    agreement = Agreement(**{**values, **over})
    session.add(agreement)
    session.flush()
    return agreement
