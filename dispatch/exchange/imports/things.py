"""Imports of assets and parts."""

from sqlalchemy.orm import Session

from dispatch.assets import service as assets
from dispatch.assets.models import Asset
from dispatch.customers.models import Site
from dispatch.exchange.imports import cells
from dispatch.exchange.imports.cells import Column
from dispatch.exchange.imports.rows import CellError, Kind, Known, chosen, referred
from dispatch.exchange.imports.sheets import Row
from dispatch.parts import service as parts
from dispatch.parts.models import Part


def save_asset(session: Session, row: Row, known: Known) -> bool:
    by_id = known.of(Asset, ["external_id", "parent_external_id"])
    site = referred(known.of(Site, ["site_external_id"]), row, "site_external_id")
    values = chosen(row, "name", "model", "serial", "criticality", "installed_on", "warranty_until")
    if row.texts.get("parent_external_id"):
        values["parent_id"] = referred(by_id, row, "parent_external_id").id
    asset = by_id.get(row.texts["external_id"])
    is_new = asset is None
    if asset is None:
        asset = assets.create_asset(
            session, site_id=site.id, external_id=row.texts["external_id"], **values
        )
    elif asset.site_id != site.id:
        raise CellError("site_external_id", "The asset is at another site.")
    else:
        assets.update_asset(session, asset, values)
    by_id[row.texts["external_id"]] = asset
    return is_new


def save_part(session: Session, row: Row, known: Known) -> bool:
    by_number = known.of(Part, ["number"], Part.number)
    values = chosen(row, "name", "price_cents", "currency", "lead_days", "external_id")
    if values.get("currency", "") is None:
        del values["currency"]
    part = by_number.get(row.texts["number"])
    is_new = part is None
    if part is None:
        part = parts.create_part(session, number=row.texts["number"], **values)
    else:
        parts.update_part(session, part, values)
    by_number[row.texts["number"]] = part
    count = row.values.get("depot_quantity")
    if count is not None:
        parts.set_stock(session, part.id, None, count)
    return is_new


ASSETS = Kind(
    "assets",
    "external_id",
    (
        Column("external_id", cells.line),
        Column("site_external_id", cells.line),
        Column("name", cells.line),
        Column("model", cells.line, ""),
        Column("serial", cells.line, ""),
        Column("parent_external_id", cells.line, None),
        Column("criticality", cells.whole(1, 5), 3),
        Column("installed_on", cells.day, None),
        Column("warranty_until", cells.day, None),
    ),
    save_asset,
)
PARTS = Kind(
    "parts",
    "number",
    (
        Column("number", cells.line),
        Column("name", cells.line),
        Column("external_id", cells.line, None),
        Column("price_cents", cells.whole(0), 0),
        Column("currency", cells.currency, None),
        Column("lead_days", cells.whole(0, 1000), 0),
        Column("depot_quantity", cells.whole(0, 1_000_000), None),
    ),
    save_part,
)
