"""Reading who is working on what."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dispatch.scheduling.presence.models import Presence


def list_present(session: Session, work_order_id: UUID) -> Sequence[Presence]:
    """Who works on the order now, by name."""
    return session.scalars(
        select(Presence)
        .where(
            Presence.work_order_id == work_order_id,
            Presence.until > text("(SELECT app_now())"),
        )
        .order_by(Presence.name)
        .execution_options(populate_existing=True)
    ).all()
