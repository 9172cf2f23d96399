"""Every SELECT on gateways' sessions."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from iot_ingest.devices.queries import any_of
from iot_ingest.gateways.models import SparkplugState


def lock_states(session: Session, device_ids: Collection[UUID]) -> dict[UUID, SparkplugState]:
    """By edge node; in id order for this transaction."""
    rows = session.scalars(
        select(SparkplugState)
        .where(SparkplugState.device_id == any_of(device_ids))
        .order_by(SparkplugState.device_id)
        .with_for_update()
    )
    return {row.device_id: row for row in rows}
