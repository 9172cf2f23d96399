"""Parts and stock, for the office and the people who keep the parts."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.access import OfficeOrParts
from dispatch.accounts.roles import PARTS, PLANNERS
from dispatch.parts import queries, service
from dispatch.parts.models import Part, Stock
from dispatch.parts.schemas import (
    Arrival,
    PartIn,
    PartOut,
    PartWithStock,
    StockCount,
    StockOut,
    Transfer,
)
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal

router = Router(prefix="/api", tags=["parts"])
PartsKeeper = Annotated[Principal, Depends(require(PARTS, *PLANNERS))]


@router.get("/parts")
def list_parts(
    session: Session,
    _: OfficeOrParts,
    q: Annotated[str | None, Query(max_length=200)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[PartWithStock]:
    """`q` finds parts of a number or name; each part says where it lies."""
    found, following = paginate(session, queries.select_parts(q), Part.id, cursor, limit)
    return Page(
        items=[
            PartWithStock(
                **PartOut.model_validate(part).model_dump(),
                stock=[StockOut.model_validate(stock) for stock in places],
            )
            for part, places in queries.with_stock(session, found)
        ],
        next_cursor=following,
    )


@router.post("/parts", response_model=PartOut, status_code=201)
def create_part(body: PartIn, session: Session, _: PartsKeeper) -> Part:
    return service.create_part(session, **body.model_dump())


@router.post("/parts/{part_id}/stock", response_model=StockOut)
def count_stock(part_id: UUID, body: StockCount, session: Session, _: PartsKeeper) -> Stock:
    """Record what was counted as free at one place."""
    return service.set_stock(session, part_id, **body.model_dump())


@router.post("/parts/{part_id}/arrivals", response_model=StockOut)
def arrive(part_id: UUID, body: Arrival, session: Session, _: PartsKeeper) -> Stock:
    """Add delivered pieces; work orders that wait for them are reopened."""
    return service.arrive(session, part_id, **body.model_dump())


@router.post("/parts/{part_id}/transfers", response_model=list[StockOut])
def transfer(
    part_id: UUID, body: Transfer, session: Session, _: PartsKeeper
) -> tuple[Stock, Stock]:
    """Move pieces between places; gives both as they are then."""
    return service.transfer(session, part_id, **body.model_dump())
