"""Parts and stock for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from dispatch.parts.models import Part, Stock
from dispatch.technicians.models import Technician

_numbers = count(1)


def make_part(session: Session, **over: Any) -> Part:
    number = next(_numbers)
    values: dict[str, Any] = {
        "number": f"P-{number:04d}",
        "name": f"Seal {number}",
        "price_cents": 1250,
        "lead_days": 2,
    }
    part = Part(**{**values, **over})
    session.add(part)
    session.flush()
    return part


def make_stock(
    session: Session, part: Part | None = None, technician: Technician | None = None, **over: Any
) -> Stock:
    """Five pieces in the depot, or in the van of `technician`."""
    values: dict[str, Any] = {
        "part_id": (part or make_part(session)).id,
        "technician_id": technician.id if technician else None,
        "quantity": 5,
    }
    stock = Stock(**{**values, **over})
    session.add(stock)
    session.flush()
    return stock
