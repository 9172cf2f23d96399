"""Every SELECT on storms."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from iot_ingest.alerts.models import Alert
from iot_ingest.incidents.queries import list_alerts
from iot_ingest.storms.models import Storm, StormOrder
from kernel.errors import NotFound


def find_running(session: Session, incident_id: UUID) -> Storm | None:
    return session.scalar(
        select(Storm).where(Storm.incident_id == incident_id, Storm.ended_at.is_(None))
    )


def find_latest(session: Session, incident_id: UUID) -> Storm:
    """Raises NotFound when the incident never was a storm."""
    found = session.scalar(
        select(Storm).where(Storm.incident_id == incident_id).order_by(Storm.id.desc()).limit(1)
    )
    if found is None:
        raise NotFound("storm", incident_id)
    return found


def find_in_territory(session: Session, territory_id: UUID) -> Storm | None:
    return session.scalar(
        select(Storm).where(Storm.territory_id == territory_id, Storm.ended_at.is_(None))
    )


def list_orders(session: Session, storm_id: UUID) -> Sequence[StormOrder]:
    return session.scalars(
        select(StormOrder).where(StormOrder.storm_id == storm_id).order_by(StormOrder.id)
    ).all()


def count_orders(session: Session, storm_id: UUID) -> int:
    return session.scalar(select(func.count()).where(StormOrder.storm_id == storm_id)) or 0


def open_alerts(session: Session, incident_id: UUID) -> list[Alert]:
    return [alert for alert in list_alerts(session, incident_id) if alert.is_open]


def time_zone_of(session: Session, site_id: UUID) -> str:
    return session.execute(select(Site.time_zone).where(Site.id == site_id)).scalar_one()
