"""HTTP: letting an alert through that needed review first, and opening its work order by hand."""

from uuid import UUID

from dispatch.accounts.access import Planner
from iot_ingest.decisions import service
from iot_ingest.decisions.schemas import ReviewedOut
from kernel.http import Router, Session

router = Router(prefix="/api/alerts", tags=["alerts"])


@router.post("/{alert_id}/approve")
def approve_alert(session: Session, _: Planner, alert_id: UUID) -> ReviewedOut:
    """Take an alert out of triage: from now on it is decided like any other. Twice is once."""
    return ReviewedOut.model_validate(service.approve(session, alert_id))


@router.post("/{alert_id}/work-order")
def open_work_order(session: Session, _: Planner, alert_id: UUID) -> ReviewedOut:
    """Open its work order now, with its evidence and deadlines. Twice is once."""
    return ReviewedOut.model_validate(service.open_by_hand(session, alert_id))
