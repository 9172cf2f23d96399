"""Writes of SLA clocks: started with the order, met by its visits, paused with a reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import SlaBreached
from dispatch.sla import queries as sla
from dispatch.sla.business_time import due_at
from dispatch.sla.lifecycle import ClockKind
from dispatch.sla.models import SlaPolicy
from dispatch.work_orders import queries as orders
from dispatch.work_orders.clocks import queries
from dispatch.work_orders.lifecycle import OPEN_VISITS, OPEN_WORK_ORDERS
from dispatch.work_orders.locks.service import tell
from dispatch.work_orders.models import SlaClock, SlaPause, WorkOrder
from kernel import clock
from kernel.db import locked
from kernel.errors import Conflict
from kernel.events import publish

PLANNED_BY = (ClockKind.ARRIVE, ClockKind.RESOLVE)
"""The clocks that give an order its due time; answering quickly needs nobody on site."""


def start_clocks(session: Session, order: WorkOrder, policy: SlaPolicy | None) -> None:
    """Start what the policy promises, counted from the time reported.

    An order without a due time of its own gets that of the first clock that needs a visit.
    """
    if policy is None:
        return
    hours = sla.opening_hours(session, policy.calendar_id)
    promised = {
        ClockKind.RESPOND: policy.respond_minutes,
        ClockKind.ARRIVE: policy.arrive_minutes,
        ClockKind.RESOLVE: policy.resolve_minutes,
    }
    clocks = [
        SlaClock(
            work_order_id=order.id,
            kind=kind,
            calendar_id=policy.calendar_id,
            minutes=minutes,
            started_at=order.reported_at,
            due_at=due_at(order.reported_at, minutes, hours),
        )
        for kind, minutes in promised.items()
        if minutes is not None
    ]
    session.add_all(clocks)
    order.penalty = policy.penalty
    if order.due_at is None:
        order.due_at = _first_due(clocks)
    session.flush()


def contract_due(session: Session, order_id: UUID) -> datetime | None:
    """When the contract wants somebody on site; None without one."""
    return _first_due(queries.list_clocks(session, order_id))


def meet(session: Session, order_id: UUID, kinds: Iterable[ClockKind], at: datetime) -> None:
    """Stop clocks that run. One met late is breached, also if nobody noticed until now."""
    wanted = set(kinds)
    for running in queries.list_clocks(session, order_id):
        if running.kind in wanted and running.met_at is None and not running.stopped:
            running.met_at = at
            running.breached = at > running.due_at
    session.flush()


def take_back(
    session: Session, order_id: UUID, kind: ClockKind, *, met_at: datetime | None
) -> None:
    """Let a clock run again that was met at `met_at` by a mis-tap."""
    for met in queries.list_clocks(session, order_id):
        if met.kind is kind and met.met_at is not None and met.met_at == met_at:
            met.met_at = None
            met.breached = False
    session.flush()


def stop(session: Session, order_id: UUID) -> None:
    """A cancelled order's clocks count for nothing."""
    for running in queries.list_clocks(session, order_id):
        running.stopped = running.met_at is None
    session.flush()


def pause_sla(
    session: Session,
    work_order_id: UUID,
    *,
    reason: str,
    evidence: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> SlaPause:
    """Let no clock of the order count from `at` (now) on, until `resume_sla`.

    Raises Conflict `sla_paused` when it is paused already, `work_order_ended` when it has ended.
    """
    [order] = locked(session, WorkOrder, [work_order_id])
    if order.status not in OPEN_WORK_ORDERS:
        raise Conflict("This work order has ended.", code="work_order_ended")
    if queries.find_open_pause(session, order.id) is not None:
        raise Conflict("The clocks are paused already.", code="sla_paused")
    now = clock.now(session)
    pause = SlaPause(
        work_order_id=order.id,
        starts_at=max(min(at or now, now), order.reported_at),
        reason=reason,
        evidence=evidence or {},
    )
    session.add(pause)
    tell(session, order, "sla_paused")
    return pause


def resume_sla(
    session: Session, work_order_id: UUID, *, at: datetime | None = None
) -> SlaPause | None:
    """Let the clocks count again from `at` (now) on and move their due times; None if none was."""
    [order] = locked(session, WorkOrder, [work_order_id])
    return resume(session, order, at or clock.now(session))


def resume(session: Session, order: WorkOrder, at: datetime) -> SlaPause | None:
    """`resume_sla` for an order that is locked already."""
    pause = queries.find_open_pause(session, order.id)
    if pause is None:
        return None
    pause.ends_at = max(at, pause.starts_at)
    session.flush()
    _recount(session, order)
    tell(session, order, "sla_resumed")
    return pause


def mark_breaches(session: Session, limit: int = 500) -> int:
    """Mark the clocks that ran out and publish it; gives how many."""
    run_out = session.execute(
        queries.select_clocks_run_out()
        .limit(limit)
        .with_for_update(of=SlaClock, skip_locked=True, key_share=True)
    ).all()
    for late, order in run_out:
        late.breached = True
        publish(
            session,
            SlaBreached(
                work_order_id=order.id,
                clock_kind=late.kind,
                territory_id=order.territory_id,
                customer_id=order.customer_id,
            ),
        )
    return len(run_out)


def _recount(session: Session, order: WorkOrder) -> None:
    """Count running clocks anew; a due time that came from them moves along to the visits."""
    clocks = list(queries.list_clocks(session, order.id))
    pauses = [
        (pause.starts_at, pause.ends_at)
        for pause in queries.list_pauses(session, order.id)
        if pause.ends_at is not None
    ]
    before = _first_due(clocks)
    now = clock.now(session)
    for running in clocks:
        if running.met_at is None and not running.stopped:
            hours = sla.opening_hours(session, running.calendar_id)
            running.due_at = due_at(running.started_at, running.minutes, hours, pauses)
            running.breached = running.breached and running.due_at <= now
    session.flush()
    if order.due_at is not None and order.due_at == before:
        order.due_at = _first_due(clocks)
        for visit in orders.list_visits_of(session, order.id):
            if visit.status in OPEN_VISITS:
                visit.due_at = order.due_at
    session.flush()


def _first_due(clocks: Iterable[SlaClock]) -> datetime | None:
    return min((c.due_at for c in clocks if c.kind in PLANNED_BY), default=None)
