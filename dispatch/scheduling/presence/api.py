"""Saying and seeing who is working on a work order."""

from collections.abc import Sequence
from uuid import UUID

from dispatch.accounts.access import Office
from dispatch.scheduling.presence import queries, service
from dispatch.scheduling.presence.models import Presence
from dispatch.scheduling.presence.schemas import PresenceIn, PresenceOut
from dispatch.work_orders.queries import get_work_order
from kernel.http import Router, Session

router = Router(prefix="/api/work-orders/{work_order_id}/presence", tags=["schedule"])


@router.post("", response_model=list[PresenceOut])
def say_present(
    session: Session, who: Office, work_order_id: UUID, where: PresenceIn | None = None
) -> Sequence[Presence]:
    """I am working on this for the next two minutes; gives everybody who is."""
    if who.account_id is not None:
        service.work_on(
            session,
            work_order_id,
            account_id=who.account_id,
            name=who.name,
            visit_id=where.visit_id if where else None,
        )
    return queries.list_present(session, work_order_id)


@router.get("", response_model=list[PresenceOut])
def list_present(session: Session, _: Office, work_order_id: UUID) -> Sequence[Presence]:
    get_work_order(session, work_order_id)
    return queries.list_present(session, work_order_id)
