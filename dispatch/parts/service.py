"""Writes of parts and stock: every movement of pieces happens under row locks."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.events import PartArrived
from dispatch.parts import queries
from dispatch.parts.depots.models import Depot
from dispatch.parts.models import Part, Stock
from dispatch.technicians.models import Technician
from kernel.db import get, locked
from kernel.errors import Conflict, Invalid
from kernel.events import publish
from kernel.settings import settings


def create_part(
    session: Session,
    *,
    number: str,
    name: str,
    price_cents: int = 0,
    currency: str | None = None,
    lead_days: int = 0,
    external_id: str | None = None,
) -> Part:
    part = Part(
        number=number,
        name=name,
        price_cents=price_cents,
        currency=currency or settings().currency,
        lead_days=lead_days,
        external_id=external_id,
    )
    session.add(part)
    session.flush()
    return part


def update_part(session: Session, part: Part, changes: Mapping[str, Any]) -> Part:
    """Set the named columns."""
    for name, value in changes.items():
        setattr(part, name, value)
    session.flush()
    return part


def set_stock(
    session: Session,
    part_id: UUID,
    technician_id: UUID | None,
    quantity: int,
    depot_id: UUID | None = None,
) -> Stock:
    """Record a count of what lies free in a van or a depot; with neither, in the store of no place.

    More than before counts as an arrival for orders that wait for the part.
    """
    if quantity < 0:
        raise Invalid("A count cannot be negative.", code="quantity_negative")
    stock = _place(session, part_id, technician_id, depot_id)
    grew = quantity > stock.quantity
    stock.quantity = quantity
    session.flush()
    if grew:
        publish(session, PartArrived(part_id=part_id))
    return stock


def arrive(
    session: Session,
    part_id: UUID,
    quantity: int,
    technician_id: UUID | None = None,
    depot_id: UUID | None = None,
) -> Stock:
    """Add delivered pieces to one place; orders on hold for them are reopened by the event."""
    if quantity <= 0:
        raise Invalid("An arrival needs at least one piece.", code="quantity_not_positive")
    stock = _place(session, part_id, technician_id, depot_id)
    stock.quantity += quantity
    session.flush()
    publish(session, PartArrived(part_id=part_id, technician_id=technician_id))
    return stock


def transfer(
    session: Session,
    part_id: UUID,
    *,
    from_technician_id: UUID | None,
    to_technician_id: UUID | None,
    quantity: int,
    from_depot_id: UUID | None = None,
    to_depot_id: UUID | None = None,
) -> tuple[Stock, Stock]:
    """Move pieces between vans, depots and the store of no place. Raises Conflict `stock_short`."""
    source_place = from_technician_id, from_depot_id
    target_place = to_technician_id, to_depot_id
    if quantity <= 0 or source_place == target_place:
        raise Invalid("A transfer needs pieces and two places.", code="transfer_invalid")
    source_id = _place_id(session, part_id, *source_place)
    target_id = _place_id(session, part_id, *target_place)
    stocks = {stock.id: stock for stock in locked(session, Stock, [source_id, target_id])}
    source, target = stocks[source_id], stocks[target_id]
    _draw(source, quantity)
    target.quantity += quantity
    session.flush()
    return source, target


def take(
    session: Session,
    part_id: UUID,
    quantity: int,
    technician_ids: Collection[UUID] | None = None,
    territory_id: UUID | None = None,
) -> Stock | None:
    """Take pieces out of the first place that has enough, depots before vans; None if none has.

    With `technician_ids`, only these vans are looked at; of depots those that serve the territory.
    """
    stock = session.scalar(
        queries.select_stock_with(part_id, quantity, technician_ids, territory_id)
        .limit(1)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if stock is None or stock.quantity < quantity:
        return None
    stock.quantity -= quantity
    session.flush()
    return stock


def take_from_van(session: Session, part_id: UUID, quantity: int, technician_id: UUID) -> Stock:
    """Take pieces out of one van. Raises Conflict `stock_short`."""
    stock = _place(session, part_id, technician_id)
    _draw(stock, quantity)
    session.flush()
    return stock


def give_back(session: Session, stock_id: UUID, quantity: int) -> Stock:
    """Put unused pieces back where they were taken; waiting orders may have them."""
    [stock] = locked(session, Stock, [stock_id])
    stock.quantity += quantity
    session.flush()
    publish(session, PartArrived(part_id=stock.part_id, technician_id=stock.technician_id))
    return stock


def _draw(stock: Stock, quantity: int) -> None:
    if stock.quantity < quantity:
        raise Conflict(
            f"Only {stock.quantity} of this part are there.",
            code="stock_short",
            quantity=stock.quantity,
        )
    stock.quantity -= quantity


def _place(
    session: Session, part_id: UUID, technician_id: UUID | None, depot_id: UUID | None = None
) -> Stock:
    return locked(session, Stock, [_place_id(session, part_id, technician_id, depot_id)])[0]


def _place_id(
    session: Session, part_id: UUID, technician_id: UUID | None, depot_id: UUID | None = None
) -> UUID:
    """The row of one place, made empty if there is none yet. Raises Invalid `two_places`."""
    get(session, Part, part_id)
    if technician_id is not None and depot_id is not None:
        raise Invalid("A piece lies in a van or in a depot.", code="two_places")
    if technician_id is not None:
        get(session, Technician, technician_id)
    if depot_id is not None:
        get(session, Depot, depot_id)
    place = queries.select_stock_of(part_id, technician_id, depot_id).with_only_columns(Stock.id)
    found = session.scalar(place)
    if found is None:
        # Two deliveries may find the place missing at once; the unique key lets one row in.
        session.execute(
            insert(Stock)
            .values(part_id=part_id, technician_id=technician_id, depot_id=depot_id, quantity=0)
            .on_conflict_do_nothing()
        )
        found = session.scalars(place).one()
    return found
