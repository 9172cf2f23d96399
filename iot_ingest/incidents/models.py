"""Tables of incidents and of the alerts that belong to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.incidents.lifecycle import INCIDENT, Cause, IncidentStatus
from kernel.db import Record, enum_of, guard_moves


class Incident(Record):
    """One cause of one fault class: an upstream asset, an area (its first site's position), or an
    asset model."""

    __tablename__ = "incidents"
    __table_args__ = (
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint(
            "CASE cause WHEN 'upstream' THEN upstream_asset_id IS NOT NULL"
            " WHEN 'area' THEN latitude IS NOT NULL AND longitude IS NOT NULL"
            " ELSE model IS NOT NULL END",
            name="cause_is_named",
        ),
        Index(None, "status", "fault_class"),
    )

    status: Mapped[IncidentStatus] = mapped_column(
        enum_of(IncidentStatus), default=IncidentStatus.OPEN
    )
    cause: Mapped[Cause] = mapped_column(enum_of(Cause))
    fault_class: Mapped[str]
    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey("territories.id"))
    upstream_asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    model: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class IncidentAlert(Record):
    """An alert belongs to one incident at most."""

    __tablename__ = "incident_alerts"

    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"), index=True)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"), unique=True)


guard_moves(Incident, "status", INCIDENT)
