"""Reads where visits are."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site


def sites_by_id(session: Session, site_ids: Collection[UUID]) -> dict[UUID, Site]:
    return {site.id: site for site in session.scalars(select(Site).where(Site.id.in_(site_ids)))}
