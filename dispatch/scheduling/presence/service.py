"""Saying that somebody is working on a work order."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.scheduling.presence.models import Presence
from dispatch.work_orders.queries import get_work_order
from kernel import clock

LASTS = timedelta(minutes=2)


def work_on(
    session: Session,
    work_order_id: UUID,
    *,
    account_id: UUID,
    name: str,
    visit_id: UUID | None = None,
) -> None:
    """This person is working on it for the next minutes; said again, it lasts longer."""
    get_work_order(session, work_order_id)
    present = {"visit_id": visit_id, "name": name, "until": clock.now(session) + LASTS}
    session.execute(
        insert(Presence)
        .values(work_order_id=work_order_id, account_id=account_id, **present)
        .on_conflict_do_update(
            index_elements=[Presence.work_order_id, Presence.account_id], set_=present
        )
    )
