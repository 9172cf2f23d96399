"""Changing assets."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.assets import queries
from dispatch.assets.models import Asset
from dispatch.customers.models import Site
from kernel.db import locked
from kernel.errors import Conflict, Invalid


def create_asset(
    session: Session,
    *,
    site_id: UUID,
    name: str,
    model: str = "",
    serial: str = "",
    parent_id: UUID | None = None,
    criticality: int = 3,
    installed_on: date | None = None,
    warranty_until: date | None = None,
    attributes: Mapping[str, Any] | None = None,
    external_id: str | None = None,
) -> Asset:
    locked(session, Site, [site_id])
    if parent_id is not None:
        _check_same_site(session, parent_id, site_id)
    asset = Asset(
        site_id=site_id,
        parent_id=parent_id,
        name=name,
        model=model,
        serial=serial,
        criticality=criticality,
        installed_on=installed_on,
        warranty_until=warranty_until,
        attributes=dict(attributes or {}),
        external_id=external_id,
    )
    session.add(asset)
    session.flush()
    return asset


def update_asset(session: Session, asset: Asset, changes: Mapping[str, Any]) -> Asset:
    """Set the named columns; raises Conflict `asset_cycle` when a parent would be below it."""
    if changes.get("parent_id") is not None:
        _check_parent(session, asset, changes["parent_id"])
    for column, value in changes.items():
        setattr(asset, column, value)
    session.flush()
    return asset


def _check_parent(session: Session, asset: Asset, parent_id: UUID) -> None:
    # Two assets hung below each other at the same moment would close a circle unseen:
    # whoever changes the tree of a site holds the site.
    locked(session, Site, [asset.site_id])
    _check_same_site(session, parent_id, asset.site_id)
    if asset.id in queries.list_ancestor_ids(session, parent_id):
        raise Conflict(
            "An asset cannot be part of itself.", code="asset_cycle", parent_id=str(parent_id)
        )


def _check_same_site(session: Session, parent_id: UUID, site_id: UUID) -> None:
    if queries.get_asset(session, parent_id).site_id != site_id:
        raise Invalid("Parent and part stand at one site.", code="parent_elsewhere")
