"""The only place that assigns a visit's status, and what follows from each step."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import VisitMoved
from dispatch.sla.lifecycle import ClockKind
from dispatch.work_orders import queries
from dispatch.work_orders.clocks import service as clocks
from dispatch.work_orders.lifecycle import (
    CORRECTION_PERIOD,
    ENDED_VISITS,
    VISIT,
    IncompleteReason,
    VisitStatus,
    is_correction,
)
from dispatch.work_orders.models import Visit, WorkOrder
from dispatch.work_orders.moves.service import roll_up_order
from dispatch.work_orders.visits.service import add_visit
from kernel import clock
from kernel.db import because, locked
from kernel.errors import Conflict, Invalid
from kernel.events import publish

STAMPS = ("en_route_at", "on_site_at", "started_at", "finished_at")
"""The actual times, in the order in which they happen."""
REACHED = {
    VisitStatus.EN_ROUTE: 1,
    VisitStatus.ON_SITE: 2,
    VisitStatus.IN_PROGRESS: 3,
    VisitStatus.PAUSED: 3,
    VisitStatus.COMPLETED: 4,
    VisitStatus.INCOMPLETE: 4,
}
"""How many of STAMPS a visit in this state has; the others have none."""


def set_visit_status(
    session: Session,
    visit: Visit,
    to: VisitStatus,
    *,
    reason: str | None = None,
    at: datetime | None = None,
    technician_id: UUID | None = None,
) -> Visit:
    """Move a visit that the caller has locked; only scheduling calls this.

    `at` is when it happened (now); a time ahead of ours or before the last step is corrected.
    Being there already is no error and does nothing. Keeps the actual times, the SLA clocks and
    the order in step, adds a follow-up to an incomplete visit, and publishes VisitMoved.
    Raises Conflict `illegal_move` or `too_late_to_correct`, Invalid `incomplete_reason`.
    """
    frm = visit.status
    if frm is to:
        return visit
    VISIT.check(frm, to)
    if reason:
        because(session, reason, device_at=at)
    moment = _moment(session, visit, at)
    if is_correction(frm, to):
        _check_correction(visit, frm, moment)
    order = _lock_order(session, visit, frm)
    arrived_at = visit.on_site_at
    visit.incomplete_reason = _incomplete_reason(reason) if to is VisitStatus.INCOMPLETE else None
    visit.status = to
    _stamp(visit, to, moment)
    session.flush()
    _keep_clocks(session, order, visit, arrived_at, moment)
    if to is VisitStatus.INCOMPLETE:
        add_visit(session, order, preferred_technician_ids=visit.preferred_technician_ids)
    elif frm is VisitStatus.INCOMPLETE:
        _withdraw_follow_ups(session, order, visit)
    ended = visit.id if to is VisitStatus.COMPLETED else None
    roll_up_order(session, order, moment, visit_id=ended)
    _publish_move(session, visit, frm, reason, technician_id)
    return visit


def cancel_open(
    session: Session, order: WorkOrder, visits: list[Visit], reason: str | None
) -> list[Visit]:
    """Cancel those of the locked visits that are open, without a roll-up of the order."""
    cancelled = []
    for visit in visits:
        if visit.status in ENDED_VISITS:
            continue
        frm = visit.status
        VISIT.check(frm, VisitStatus.CANCELLED)
        visit.status = VisitStatus.CANCELLED
        visit.at_risk = False
        session.flush()
        _publish_move(session, visit, frm, reason, None)
        cancelled.append(visit)
    return cancelled


def _moment(session: Session, visit: Visit, at: datetime | None) -> datetime:
    """When it happened: not in the future, not before the step before."""
    now = clock.now(session)
    steps: list[datetime | None] = [getattr(visit, name) for name in STAMPS]
    return max([min(at or now, now), *(step for step in steps if step is not None)])


def _check_correction(visit: Visit, frm: VisitStatus, moment: datetime) -> None:
    tapped_at: datetime = getattr(visit, STAMPS[REACHED[frm] - 1])
    if moment - tapped_at > CORRECTION_PERIOD:
        minutes = int(CORRECTION_PERIOD.total_seconds() // 60)
        raise Conflict(
            f"A step can be taken back for {minutes} minutes only.", code="too_late_to_correct"
        )


def _lock_order(session: Session, visit: Visit, frm: VisitStatus) -> WorkOrder:
    if frm is VisitStatus.INCOMPLETE:
        # the follow-up is withdrawn: its lock comes before that of the order, like every visit's
        locked(session, Visit, queries.list_open_visit_ids(session, visit.work_order_id))
    return locked(session, WorkOrder, [visit.work_order_id])[0]


def _incomplete_reason(reason: str | None) -> IncompleteReason:
    try:
        return IncompleteReason(reason or "")
    except ValueError:
        raise Invalid(
            "Say why the visit is incomplete.",
            code="incomplete_reason",
            allowed=[str(known) for known in IncompleteReason],
        ) from None


def _stamp(visit: Visit, to: VisitStatus, moment: datetime) -> None:
    if to is VisitStatus.CANCELLED:
        visit.at_risk = False
        return
    reached = REACHED.get(to, 0)
    _keep_pauses(visit, to, moment, began=reached >= REACHED[VisitStatus.IN_PROGRESS])
    for name in STAMPS[reached:]:
        setattr(visit, name, None)
    if reached and getattr(visit, STAMPS[reached - 1]) is None:
        setattr(visit, STAMPS[reached - 1], moment)
    if to is VisitStatus.UNSCHEDULED or to in ENDED_VISITS:
        visit.at_risk = False
    if to is not VisitStatus.PAUSED:
        visit.paused_overnight = False


def _keep_pauses(visit: Visit, to: VisitStatus, moment: datetime, *, began: bool) -> None:
    """Pauses are no work; work that is taken back had none."""
    if visit.paused_at is not None and to is not VisitStatus.PAUSED:
        visit.paused_seconds += int((moment - visit.paused_at).total_seconds())
        visit.paused_at = None
    if to is VisitStatus.PAUSED:
        visit.paused_at = moment
    if not began:
        visit.paused_seconds = 0


def _keep_clocks(
    session: Session,
    order: WorkOrder,
    visit: Visit,
    arrived_at: datetime | None,
    moment: datetime,
) -> None:
    """A planned visit answers the customer and ends a pause; being there is the arrival."""
    if visit.status is VisitStatus.SCHEDULED:
        clocks.resume(session, order, moment)
        clocks.meet(session, order.id, [ClockKind.RESPOND], moment)
    if visit.on_site_at is not None and arrived_at is None:
        clocks.meet(session, order.id, [ClockKind.RESPOND, ClockKind.ARRIVE], moment)
    elif visit.on_site_at is None and arrived_at is not None:
        clocks.take_back(session, order.id, ClockKind.ARRIVE, met_at=arrived_at)


def _withdraw_follow_ups(session: Session, order: WorkOrder, visit: Visit) -> None:
    """Take back the follow-ups that nobody has planned yet."""
    later = [
        follow_up
        for follow_up in queries.list_visits_of(session, order.id)
        if follow_up.sequence > visit.sequence and follow_up.status is VisitStatus.UNSCHEDULED
    ]
    cancel_open(session, order, later, "the visit before goes on")


def _publish_move(
    session: Session,
    visit: Visit,
    frm: VisitStatus,
    reason: str | None,
    technician_id: UUID | None,
) -> None:
    publish(
        session,
        VisitMoved(
            visit_id=visit.id,
            work_order_id=visit.work_order_id,
            from_status=frm,
            to_status=visit.status,
            reason=reason,
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
            technician_id=technician_id,
        ),
    )
