"""Response shapes of incidents."""

from datetime import datetime
from uuid import UUID

from iot_ingest.alerts.lifecycle import AlertStatus
from iot_ingest.incidents.lifecycle import Cause, IncidentStatus
from iot_ingest.rules.lifecycle import Severity
from kernel.http import Schema


class IncidentOut(Schema):
    """`moves` are the states it may go to next."""

    id: UUID
    version: int
    status: IncidentStatus
    moves: list[IncidentStatus]
    cause: Cause
    fault_class: str
    territory_id: UUID | None
    upstream_asset_id: UUID | None
    model: str | None
    latitude: float | None
    longitude: float | None
    opened_at: datetime
    closed_at: datetime | None
    alerts: int
    open_alerts: int


class IncidentMemberOut(Schema):
    id: UUID
    asset_id: UUID
    asset_name: str
    site_id: UUID
    customer_id: UUID
    customer_name: str
    severity: Severity
    status: AlertStatus
    opened_at: datetime
    cleared_at: datetime | None
    work_order_id: UUID | None


class IncidentPointOut(Schema):
    """How many of its alerts were open from this moment on: the steps of a chart."""

    at: datetime
    open_alerts: int


class IncidentPageOut(Schema):
    incident: IncidentOut
    members: list[IncidentMemberOut]
    chart: list[IncidentPointOut]
