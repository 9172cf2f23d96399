"""SELECTs over the audit of records and of what belongs to them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from dispatch.work_orders.models import (
    PartReservation,
    Prerequisite,
    SlaClock,
    SlaPause,
    Visit,
)
from dispatch.work_orders.queries import get_work_order
from kernel.audit import AuditEntry

PARTS_OF_AN_ORDER: tuple[Any, ...] = (Visit, SlaClock, SlaPause, Prerequisite, PartReservation)


def list_changes_of_order(session: Session, work_order_id: UUID) -> Sequence[AuditEntry]:
    """Every change of an order and of what belongs to it, oldest first."""
    get_work_order(session, work_order_id)
    belonging = union_all(
        *(
            select(model.id).where(model.work_order_id == work_order_id)
            for model in PARTS_OF_AN_ORDER
        )
    )
    ids = [work_order_id, *session.scalars(belonging)]
    return session.scalars(
        select(AuditEntry).where(AuditEntry.record_id.in_(ids)).order_by(AuditEntry.id)
    ).all()
