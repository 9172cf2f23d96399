"""HTTP: storm mode of an incident."""

from uuid import UUID

from dispatch.accounts.access import Manager, Office, Planner
from iot_ingest.storms import queries, service
from iot_ingest.storms.models import Storm
from iot_ingest.storms.schemas import RestorationIn, StormIn, StormOut
from kernel.http import Router, Session

router = Router(prefix="/api/incidents", tags=["incidents"])


@router.get("/{incident_id}/storm")
def get_storm(session: Session, _: Office, incident_id: UUID) -> StormOut:
    """The present or the last one."""
    return _show(session, queries.find_latest(session, incident_id))


@router.post("/{incident_id}/storm")
def begin_storm(session: Session, _: Manager, incident_id: UUID, body: StormIn) -> StormOut:
    storm = service.begin(
        session,
        incident_id,
        restoration_at=body.restoration_at,
        reserve_pct=body.reserve_pct,
        policy_id=body.policy_id,
    )
    return _show(session, storm)


@router.post("/{incident_id}/restoration")
def announce_restoration(
    session: Session, _: Planner, incident_id: UUID, body: RestorationIn
) -> StormOut:
    """Tell every customer of the incident when it will be over."""
    return _show(session, service.announce(session, incident_id, body.restoration_at))


@router.post("/{incident_id}/calm")
def calm_storm(session: Session, _: Manager, incident_id: UUID) -> StormOut:
    """Back to normal by one move."""
    return _show(session, service.calm(session, incident_id))


def _show(session: Session, storm: Storm) -> StormOut:
    columns = {column.name: getattr(storm, column.name) for column in Storm.__table__.columns}
    return StormOut.model_validate({**columns, "orders": queries.count_orders(session, storm.id)})
