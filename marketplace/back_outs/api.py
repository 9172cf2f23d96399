"""HTTP for noting that nobody came."""

from uuid import UUID

from dispatch.accounts.access import Planner
from kernel.db import because
from kernel.http import Router, Session
from marketplace.back_outs import service
from marketplace.back_outs.schemas import NoShowIn

router = Router(prefix="/api/visits", tags=["offers"])


@router.post("/{visit_id}/technician-no-show", status_code=204)
def technician_no_show(visit_id: UUID, noted: NoShowIn, _: Planner, session: Session) -> None:
    """A freelancer did not come: others are asked at once, and the rules of pay decide the fee."""
    because(session, noted.reason)
    service.record_no_show(session, visit_id, noted.reason, noted.technician_id)
