"""Depots, for the office and the people who keep the parts."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from dispatch.accounts.access import OfficeOrParts
from dispatch.accounts.roles import PARTS, PLANNERS
from dispatch.parts.depots import queries, service
from dispatch.parts.depots.models import Depot
from dispatch.parts.depots.schemas import DepotIn, DepotOut, DepotPatch
from kernel.auth import require
from kernel.http import IfMatch, Page, Router, Session, ensure_version, paginate, set_etag
from kernel.principal import Principal
from kernel.shapes import page_of

router = Router(prefix="/api/depots", tags=["parts"])
PartsKeeper = Annotated[Principal, Depends(require(PARTS, *PLANNERS))]


@router.get("")
def list_depots(
    session: Session,
    _: OfficeOrParts,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[DepotOut]:
    return page_of(DepotOut, paginate(session, queries.select_depots(), Depot.id, cursor, limit))


@router.post("", response_model=DepotOut, status_code=201)
def create_depot(body: DepotIn, session: Session, _: PartsKeeper) -> Depot:
    return service.create_depot(session, **body.model_dump())


@router.patch("/{depot_id}", response_model=DepotOut)
def edit_depot(
    depot_id: UUID,
    body: DepotPatch,
    session: Session,
    _: PartsKeeper,
    seen: IfMatch,
    response: Response,
) -> Depot:
    """One that is not `active` any more is passed by no new plan."""
    depot = queries.get_depot(session, depot_id)
    ensure_version(depot, seen)
    service.edit_depot(session, depot, body.changes())
    set_etag(response, depot.version)
    return depot
