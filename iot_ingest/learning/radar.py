"""The defect radar: failure rate and hazard of each asset model, or each batch of it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Literal
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.work_orders.lifecycle import DONE_WORK_ORDERS
from dispatch.work_orders.models import WorkOrder
from iot_ingest.learning.hazards import Group, Life, group_of
from iot_ingest.learning.lifecycle import FaultFound
from iot_ingest.learning.models import Verdict
from kernel import clock
from kernel.sheets import plain

By = Literal["model", "batch"]
UNKNOWN = ""
COLUMNS = (
    "model,batch,from_years,to_years,assets,asset_years,failures,rate,rate_low,rate_high".split(",")
)


@dataclass(frozen=True, slots=True)
class Defects:
    model: str
    batch: str | None
    """The asset's attribute `batch`; None where models are not told apart by it."""
    group: Group


def defects(session: Session, by: By, months: int) -> list[Defects]:
    """Groups with the highest rate first. A failure is a finished work order with a fault class
    on the asset, unless its alert turned out to be a false alarm. Assets without a date of
    installation are taken to be as old as their record."""
    until = clock.now(session)
    since = until - timedelta(days=round(months * 30.44))
    batch = func.coalesce(Asset.attributes["batch"].astext, UNKNOWN)
    failures = _failures(session, since, until)
    rows = session.execute(
        select(Asset.model, batch, Asset.id, Asset.installed_on, Asset.created_at).order_by(
            Asset.model, batch
        )
    )
    found = []
    for key, assets in groupby(rows, key=lambda row: (row[0], row[1] if by == "batch" else None)):
        lives = []
        for _, _, asset_id, installed_on, created_at in assets:
            installed = datetime.combine(installed_on, time(), UTC) if installed_on else created_at
            start = max(installed, since)
            if start < until:
                lives.append(Life(installed, start, until, failures.get(asset_id, ())))
        if lives:
            found.append(Defects(*key, group_of(lives)))
    return sorted(found, key=lambda d: d.group.rate.value if d.group.rate else 0.0, reverse=True)


def as_csv(found: Iterable[Defects]) -> str:
    """One line per group (all ages) and one per band of age; rates per asset and year."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for item in found:
        group, name = item.group, (plain(item.model), plain(item.batch or ""))
        lines = [("", "", group.asset_years, group.failures, group.rate)]
        lines += [
            (str(b.from_years), str(b.to_years), b.asset_years, b.failures, b.hazard)
            for b in group.bands
        ]
        for first, last, years, failed, told in lines:
            figures = (told.value, told.low, told.high) if told else ("", "", "")
            writer.writerow([*name, first, last, group.assets, years, failed, *figures])
    return sheet.getvalue()


def _failures(session: Session, since: datetime, until: datetime) -> dict[UUID, list[datetime]]:
    refuted = exists().where(
        Verdict.alert_id == WorkOrder.alert_id, Verdict.found == FaultFound.FALSE_ALARM
    )
    rows = session.execute(
        select(WorkOrder.asset_id, WorkOrder.reported_at).where(
            WorkOrder.asset_id.is_not(None),
            WorkOrder.fault_class.is_not(None),
            WorkOrder.status.in_(DONE_WORK_ORDERS),
            WorkOrder.reported_at >= since,
            WorkOrder.reported_at < until,
            ~refuted,
        )
    )
    found: dict[UUID, list[datetime]] = {}
    for asset_id, moment in rows:
        if asset_id is not None:
            found.setdefault(asset_id, []).append(moment)
    return found
