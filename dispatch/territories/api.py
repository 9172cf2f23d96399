"""Territories: read by all staff, changed by planners."""

from uuid import UUID

from fastapi import Response

from dispatch.accounts.access import Planner, Staff
from dispatch.territories import queries, service
from dispatch.territories.models import Territory
from dispatch.territories.schemas import TerritoryIn, TerritoryOut, TerritoryPatch
from kernel.http import IfMatch, Router, Session, ensure_version, set_etag

router = Router(prefix="/api/territories", tags=["territories"])


@router.get("", response_model=list[TerritoryOut])
def list_territories(session: Session, _: Staff) -> list[Territory]:
    return queries.list_territories(session)


@router.post("", response_model=TerritoryOut, status_code=201)
def create_territory(
    body: TerritoryIn, session: Session, _: Planner, response: Response
) -> Territory:
    territory = service.create_territory(session, **body.model_dump())
    set_etag(response, territory.version)
    return territory


@router.get("/{territory_id}", response_model=TerritoryOut)
def get_territory(territory_id: UUID, session: Session, _: Staff, response: Response) -> Territory:
    territory = queries.get_territory(session, territory_id)
    set_etag(response, territory.version)
    return territory


@router.patch("/{territory_id}", response_model=TerritoryOut)
def update_territory(
    territory_id: UUID,
    body: TerritoryPatch,
    session: Session,
    _: Planner,
    seen: IfMatch,
    response: Response,
) -> Territory:
    territory = queries.get_territory(session, territory_id)
    ensure_version(territory, seen)
    service.update_territory(session, territory, body.changes())
    set_etag(response, territory.version)
    return territory
