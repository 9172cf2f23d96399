"""Reading assets."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Date, Select, cast, func, select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Site
from kernel.db import get


def get_asset(session: Session, asset_id: UUID) -> Asset:
    return get(session, Asset, asset_id)


def assets_matching(site_id: UUID | None = None, customer_id: UUID | None = None) -> Select[Asset]:
    statement = select(Asset)
    if site_id is not None:
        statement = statement.where(Asset.site_id == site_id)
    if customer_id is not None:
        sites = select(Site.id).where(Site.customer_id == customer_id)
        statement = statement.where(Asset.site_id.in_(sites))
    return statement


def list_assets(session: Session, site_id: UUID) -> list[Asset]:
    return list(session.scalars(assets_matching(site_id).order_by(Asset.id)))


def list_ancestor_ids(session: Session, asset_id: UUID) -> list[UUID]:
    """The asset itself, its parent, and so on up to the top."""
    tree = select(Asset.id, Asset.parent_id).where(Asset.id == asset_id).cte(recursive=True)
    tree = tree.union(select(Asset.id, Asset.parent_id).where(Asset.id == tree.c.parent_id))
    return list(session.scalars(select(tree.c.id)))


def list_under_warranty(session: Session, asset_ids: Collection[UUID]) -> set[UUID]:
    """Those whose warranty still runs today, by the calendar of their site."""
    today = cast(func.timezone(Site.time_zone, func.app_now()), Date)
    statement = (
        select(Asset.id)
        .join(Site, Site.id == Asset.site_id)
        .where(Asset.id.in_(asset_ids), Asset.warranty_until >= today)
    )
    return set(session.scalars(statement))
