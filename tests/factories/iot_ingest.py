"""Devices, rules, messages and alerts for tests."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.work_orders.queries import find_work_type
from iot_ingest.alerts import queries as alert_queries
from iot_ingest.alerts.models import Alert
from iot_ingest.devices import service as devices
from iot_ingest.devices.models import Device
from iot_ingest.incidents.lifecycle import Cause
from iot_ingest.incidents.models import Incident
from iot_ingest.intake.service import Incoming
from iot_ingest.readings.messages import DecodedMessage, RawReading
from iot_ingest.remedies.lifecycle import RemedyKind, RemedyStatus
from iot_ingest.remedies.models import Remedy
from iot_ingest.rules import service as rules
from iot_ingest.rules.lifecycle import Severity
from iot_ingest.rules.models import Rule
from iot_ingest.rules.threshold import Op
from kernel import clock
from tests.factories.assets import make_asset
from tests.factories.work_orders import make_work_type

_numbers = count(1)
WORK_TYPE = "boiler_repair"


def make_device(session: Session, asset: Asset | None = None, **over: Any) -> Device:
    return make_device_with_token(session, asset, **over)[0]


def make_device_with_token(
    session: Session, asset: Asset | None = None, **over: Any
) -> tuple[Device, str]:
    values = {"name": f"Sensor {next(_numbers)}", **over}
    return devices.register_device(session, (asset or make_asset(session)).id, **values)


def make_rule(session: Session, **over: Any) -> Rule:
    """Temperature above 80 for ten minutes; quiet again at 70."""
    values: dict[str, Any] = {
        "name": "Too hot",
        "metric": "temperature",
        "op": Op.ABOVE,
        "threshold": 80.0,
        "clear_threshold": 70.0,
        "duration_seconds": 600,
        "severity": Severity.WARNING,
        "fault_class": "overheating",
        "work_type_code": WORK_TYPE,
        **over,
    }
    if find_work_type(session, values["work_type_code"]) is None:
        make_work_type(session, code=values["work_type_code"])
    return rules.define(session, values)


def reading(ts: datetime | str | None, value: object, metric: str = "temperature") -> RawReading:
    return RawReading(metric, ts.isoformat() if isinstance(ts, datetime) else ts, value)


def make_message(
    device: Device,
    seq: int | None,
    readings: Sequence[RawReading] = (),
    *,
    boot_id: str | None = "boot-1",
    proven: bool = True,
    **over: Any,
) -> Incoming:
    message = DecodedMessage(
        boot_id=boot_id if seq is not None else None, seq=seq, readings=tuple(readings), **over
    )
    return Incoming(device.id, message, is_proven=proven)


def make_run(
    device: Device, first_seq: int, start: datetime, values: Sequence[float], minutes: int = 5
) -> list[Incoming]:
    """One message per value, `minutes` apart."""
    return [
        make_message(
            device,
            first_seq + index,
            [reading(start + timedelta(minutes=minutes * index), value)],
        )
        for index, value in enumerate(values)
    ]


def make_alert(session: Session, rule: Rule | None = None, **over: Any) -> Alert:
    """An open alert as ingest would have left it, its decision not yet taken."""
    used = rule or make_rule(session)
    device = over.pop("device", None) or make_device(session)
    asset = session.get_one(Asset, device.asset_id)
    place = _place(session, asset)
    values: dict[str, Any] = {
        "asset_id": asset.id,
        "device_id": device.id,
        "rule_id": used.id,
        "fault_class": used.fault_class,
        "severity": used.severity,
        "danger": used.danger,
        "opened_at": clock.now(session),
        "evidence": {"metric": used.metric, "value": 91.5, "threshold": used.threshold},
        **place,
        **over,
    }
    alert = Alert(**values)
    session.add(alert)
    session.flush()
    return alert


def make_remedy(session: Session, order_id: UUID | None = None, **over: Any) -> Remedy:
    """Granted by itself for an alert that the order sees to; not carried out."""
    asset = make_asset(session, model="Boiler 3")
    alert = make_alert(session, device=make_device(session, asset), work_order_id=order_id)
    incident = Incident(
        cause=Cause.MODEL,
        model=asset.model,
        fault_class=alert.fault_class,
        opened_at=alert.opened_at,
    )
    session.add(incident)
    session.flush()
    values: dict[str, Any] = {
        "alert_id": alert.id,
        "incident_id": incident.id,
        "customer_id": alert.customer_id,
        "kind": RemedyKind.WORKAROUND,
        "status": RemedyStatus.GRANTED,
        "cost_cents": 0,
        "currency": "EUR",
        "reason": "none_of_these",
        "words": {"en": "Nothing more pressing is known."},
        "proposed_by": "staff:1",
        **over,
    }
    remedy = Remedy(**values)
    session.add(remedy)
    session.flush()
    return remedy


def _place(session: Session, asset: Asset) -> dict[str, Any]:
    found = alert_queries.get_place(session, asset.id)
    return {
        "customer_id": found.customer_id,
        "site_id": found.site_id,
        "territory_id": found.territory_id,
    }
