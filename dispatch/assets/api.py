"""Assets, for the office."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy.orm import Session as OrmSession

from dispatch.accounts.access import Office
from dispatch.assets import queries, service
from dispatch.assets.models import Asset
from dispatch.assets.schemas import AssetIn, AssetOut, AssetPatch
from kernel.http import IfMatch, Page, Router, Session, ensure_version, paginate, set_etag

router = Router(prefix="/api/assets", tags=["assets"])


@router.get("")
def list_assets(
    session: Session,
    _: Office,
    site_id: UUID | None = None,
    customer_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[AssetOut]:
    statement = queries.assets_matching(site_id, customer_id)
    assets, following = paginate(session, statement, Asset.id, cursor, limit)
    return Page(items=_shown(session, assets), next_cursor=following)


@router.post("", status_code=201)
def create_asset(body: AssetIn, session: Session, _: Office, response: Response) -> AssetOut:
    asset = service.create_asset(session, **body.model_dump())
    set_etag(response, asset.version)
    return _shown(session, [asset])[0]


@router.get("/{asset_id}")
def get_asset(asset_id: UUID, session: Session, _: Office, response: Response) -> AssetOut:
    asset = queries.get_asset(session, asset_id)
    set_etag(response, asset.version)
    return _shown(session, [asset])[0]


@router.patch("/{asset_id}")
def update_asset(
    asset_id: UUID,
    body: AssetPatch,
    session: Session,
    _: Office,
    seen: IfMatch,
    response: Response,
) -> AssetOut:
    asset = queries.get_asset(session, asset_id)
    ensure_version(asset, seen)
    service.update_asset(session, asset, body.changes())
    set_etag(response, asset.version)
    return _shown(session, [asset])[0]


def _shown(session: OrmSession, assets: Sequence[Asset]) -> list[AssetOut]:
    covered = queries.list_under_warranty(session, [asset.id for asset in assets])
    return [
        AssetOut.model_validate(asset).model_copy(update={"under_warranty": asset.id in covered})
        for asset in assets
    ]
