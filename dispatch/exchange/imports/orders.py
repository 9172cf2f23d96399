"""Imports of work orders, and of repairs that were done before."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Site
from dispatch.customers.queries import get_site
from dispatch.exchange.imports import cells
from dispatch.exchange.imports.cells import Column
from dispatch.exchange.imports.rows import CellError, Kind, Known, chosen, referred
from dispatch.exchange.imports.sheets import Row
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import Source
from dispatch.work_orders.models import WorkOrder, WorkType

WORK_ORDER_COLUMNS = ("title", "description", "due_at", "earliest_at", "delay_cost_cents_per_day")


def save_work_order(session: Session, row: Row, known: Known) -> bool:
    """A new order, or new dates and words of one that is still open."""
    by_id = known.of(WorkOrder, ["external_id"])
    site = referred(known.of(Site, ["site_external_id"]), row, "site_external_id")
    asset_id = None
    if row.texts.get("asset_external_id"):
        asset_id = referred(known.of(Asset, ["asset_external_id"]), row, "asset_external_id").id
    zone = ZoneInfo(site.time_zone)
    values = {
        name: _in_zone(value, zone) for name, value in chosen(row, *WORK_ORDER_COLUMNS).items()
    }
    order = by_id.get(row.texts["external_id"])
    if order is not None:
        if order.site_id != site.id:
            raise CellError("site_external_id", "The work order is at another site.")
        if asset_id is not None:
            values["asset_id"] = asset_id
        changes = {name: new for name, new in values.items() if getattr(order, name) != new}
        if changes:
            work_orders.edit(session, order.id, changes)
        return False
    work_type = referred(known.of(WorkType, ["work_type"], WorkType.code), row, "work_type")
    order = work_orders.open(
        session,
        customer_id=site.customer_id,
        site_id=site.id,
        asset_id=asset_id,
        work_type_code=work_type.code,
        source=Source.IMPORT,
        priority=row.values.get("priority"),
        reported_at=_in_zone(row.values.get("reported_at"), zone),
        window=_window(row, zone),
        external_id=row.texts["external_id"],
        **values,
    )
    by_id[row.texts["external_id"]] = order
    return True


def save_repair(session: Session, row: Row, known: Known) -> bool:
    """A past repair; one that is there already must say the same."""
    by_id = known.of(WorkOrder, ["external_id"])
    asset = referred(known.of(Asset, ["asset_external_id"]), row, "asset_external_id")
    work_type = referred(known.of(WorkType, ["work_type"], WorkType.code), row, "work_type")
    zone = ZoneInfo(get_site(session, asset.site_id).time_zone)
    told = {
        "asset_id": asset.id,
        "fault_class": row.values["fault_class"],
        "reported_at": _in_zone(row.values["reported_at"], zone),
        "completed_at": _in_zone(row.values["completed_at"], zone),
    }
    order = by_id.get(row.texts["external_id"])
    if order is not None:
        if any(getattr(order, name) != value for name, value in told.items()):
            raise CellError("external_id", "There is another work order of this id.")
        return False
    by_id[row.texts["external_id"]] = work_orders.record_repair(
        session, work_type_code=work_type.code, external_id=row.texts["external_id"], **told
    )
    return True


def _window(row: Row, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    start = _in_zone(row.values.get("window_start"), zone)
    end = _in_zone(row.values.get("window_end"), zone)
    if start is None and end is None:
        return None
    if start is None or end is None or end <= start:
        raise CellError("window_end", "A window needs a start and a later end.")
    return start, end


def _in_zone(value: Any, zone: ZoneInfo) -> Any:
    """A time without an offset is local to the site."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=zone)
    return value


WORK_ORDERS = Kind(
    "work_orders",
    "external_id",
    (
        Column("external_id", cells.line),
        Column("site_external_id", cells.line),
        Column("work_type", cells.line),
        Column("title", cells.line),
        Column("description", cells.words, ""),
        Column("asset_external_id", cells.line, None),
        Column("priority", cells.whole(1, 5), None),
        Column("reported_at", cells.moment, None),
        Column("due_at", cells.moment, None),
        Column("earliest_at", cells.moment, None),
        Column("window_start", cells.moment, None),
        Column("window_end", cells.moment, None),
        Column("delay_cost_cents_per_day", cells.whole(0), 0),
    ),
    save_work_order,
)
REPAIRS = Kind(
    "repairs",
    "external_id",
    (
        Column("external_id", cells.line),
        Column("asset_external_id", cells.line),
        Column("work_type", cells.line),
        Column("fault_class", cells.line),
        Column("reported_at", cells.moment),
        Column("completed_at", cells.moment),
    ),
    save_repair,
)
