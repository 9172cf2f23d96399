"""SELECTs over parts and stock."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from dispatch.parts.depots.models import Depot
from dispatch.parts.models import Part, Stock
from kernel.errors import NotFound


def select_parts(q: str | None = None) -> Select[Part]:
    statement = select(Part)
    if q:
        statement = statement.where(
            or_(Part.number.icontains(q, autoescape=True), Part.name.icontains(q, autoescape=True))
        )
    return statement


def get_part_by_number(session: Session, number: str) -> Part:
    found = session.scalar(select(Part).where(Part.number == number))
    if found is None:
        raise NotFound("part", number)
    return found


def list_parts_by_number(session: Session, numbers: Collection[str]) -> dict[str, Part]:
    """Those that exist, by number."""
    rows = session.scalars(select(Part).where(Part.number.in_(set(numbers))))
    return {part.number: part for part in rows}


def list_parts(session: Session, part_ids: Collection[UUID]) -> dict[UUID, Part]:
    rows = session.scalars(select(Part).where(Part.id.in_(set(part_ids))))
    return {part.id: part for part in rows}


def list_stock(session: Session, part_ids: Collection[UUID]) -> Sequence[Stock]:
    """Where each part lies, vans last."""
    return session.scalars(
        select(Stock)
        .where(Stock.part_id.in_(set(part_ids)))
        .order_by(Stock.part_id, Stock.technician_id.is_not(None), Stock.id)
    ).all()


def select_stock_of(
    part_id: UUID, technician_id: UUID | None, depot_id: UUID | None = None
) -> Select[Stock]:
    """The row of one place; without either that of no place."""
    return select(Stock).where(
        Stock.part_id == part_id,
        Stock.technician_id.is_not_distinct_from(technician_id),
        Stock.depot_id.is_not_distinct_from(depot_id),
    )


def select_stock_with(
    part_id: UUID,
    quantity: int,
    technician_ids: Collection[UUID] | None = None,
    territory_id: UUID | None = None,
) -> Select[Stock]:
    """Places with enough, the store of no place first, then depots, then the fullest van; only
    the named vans if given, and no depot that serves another territory alone."""
    elsewhere = select(Depot.id).where(
        or_(~Depot.active, Depot.territory_id.is_distinct_from(territory_id)),
        or_(~Depot.active, Depot.territory_id.is_not(None)),
    )
    statement = select(Stock).where(
        Stock.part_id == part_id,
        Stock.quantity >= quantity,
        or_(Stock.depot_id.is_(None), Stock.depot_id.not_in(elsewhere)),
    )
    if technician_ids is not None:
        statement = statement.where(
            or_(Stock.technician_id.is_(None), Stock.technician_id.in_(technician_ids))
        )
    return statement.order_by(
        Stock.technician_id.is_not(None),
        Stock.depot_id.is_not(None),
        Stock.quantity.desc(),
        Stock.id,
    )


def with_stock(session: Session, parts: Sequence[Part]) -> list[tuple[Part, list[Stock]]]:
    """Each part with the places where it lies."""
    places: dict[UUID, list[Stock]] = {part.id: [] for part in parts}
    for stock in list_stock(session, list(places)):
        places[stock.part_id].append(stock)
    return [(part, places[part.id]) for part in parts]


def list_depot_stock(session: Session, part_ids: Collection[UUID]) -> list[tuple[Part, Stock]]:
    """Free pieces of these parts in depots."""
    if not part_ids:
        return []
    rows = session.execute(
        select(Part, Stock)
        .join(Stock, Stock.part_id == Part.id)
        .where(Part.id.in_(part_ids), Stock.depot_id.is_not(None), Stock.quantity > 0)
        .order_by(Stock.id)
    )
    return [(part, stock) for part, stock in rows]
