"""SELECTs over SLA clocks and pauses."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from dispatch.work_orders.models import SlaClock, SlaPause, WorkOrder

# Built once: every move of a visit asks them.
CLOCKS = (
    select(SlaClock)
    .where(SlaClock.work_order_id == bindparam("work_order_id"))
    .order_by(SlaClock.due_at, SlaClock.id)
)
OPEN_PAUSE = select(SlaPause).where(
    SlaPause.work_order_id == bindparam("work_order_id"), SlaPause.ends_at.is_(None)
)


def list_clocks(session: Session, work_order_id: UUID) -> Sequence[SlaClock]:
    """The one that is due first first."""
    return session.scalars(CLOCKS, {"work_order_id": work_order_id}).all()


def select_clocks_run_out() -> Select[SlaClock, WorkOrder]:
    """Running clocks past their due time; paused orders are left alone."""
    now = select(func.app_now()).scalar_subquery()
    return (
        select(SlaClock, WorkOrder)
        .join(WorkOrder, WorkOrder.id == SlaClock.work_order_id)
        .where(
            SlaClock.due_at <= now,
            SlaClock.met_at.is_(None),
            SlaClock.breached.is_(False),
            SlaClock.stopped.is_(False),
            ~exists().where(
                SlaPause.work_order_id == SlaClock.work_order_id, SlaPause.ends_at.is_(None)
            ),
        )
        .order_by(SlaClock.id)
    )


def list_pauses(session: Session, work_order_id: UUID) -> Sequence[SlaPause]:
    return session.scalars(
        select(SlaPause)
        .where(SlaPause.work_order_id == work_order_id)
        .order_by(SlaPause.starts_at, SlaPause.id)
    ).all()


def find_open_pause(session: Session, work_order_id: UUID) -> SlaPause | None:
    return session.scalar(OPEN_PAUSE, {"work_order_id": work_order_id})
