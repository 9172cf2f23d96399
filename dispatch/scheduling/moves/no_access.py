"""The procedure for a visit where nobody lets the technician in."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.customers.models import Customer
from dispatch.events import NoAccessRecorded
from dispatch.scheduling.assignments.queries import assignment_of
from dispatch.scheduling.assignments.service import lock_schedule
from dispatch.scheduling.moves import queries
from dispatch.scheduling.moves.lifecycle import AT_THE_DOOR
from dispatch.scheduling.moves.models import NoAccess
from dispatch.scheduling.moves.service import move
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import IncompleteReason, VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import get_work_order, get_work_type, list_visits_of
from kernel import clock
from kernel.db import get
from kernel.errors import Conflict, Invalid, NotFound
from kernel.events import publish

WAIT = timedelta(minutes=10)
"""So long a technician waits and calls before the visit counts as no access."""
CHARGE_PCT = 50
"""Of the price of the work, for a trip for nothing."""


def record_no_access(
    session: Session,
    visit_id: UUID,
    *,
    call_log: Sequence[dict[str, Any]],
    waited_minutes: int,
    photo_id: UUID | None = None,
    technician_id: UUID | None = None,
) -> NoAccess:
    """End the visit as no access: evidence kept, clocks paused, charge by rule, rebooking offered.

    Raises Conflict `wait_longer` before the waiting time is over, Invalid `call_log_empty`,
    Conflict `not_at_the_door`. Recording again gives the same record.
    """
    schedule = lock_schedule(session, [visit_id])
    visit = schedule.visits[visit_id]
    known = queries.find_no_access(session, visit_id)
    if known is not None and visit.status is VisitStatus.INCOMPLETE:
        return known
    rows = schedule.of(visit_id)
    if technician_id is not None and all(row.technician_id != technician_id for row in rows):
        raise NotFound("visit", visit_id)
    _require_tried(visit, call_log, waited_minutes)
    if visit.status is VisitStatus.EN_ROUTE:
        move(session, visit_id, VisitStatus.ON_SITE)
    record = known or NoAccess(visit_id=visit_id)
    _fill(session, record, visit, call_log, waited_minutes, photo_id)
    move(session, visit_id, VisitStatus.INCOMPLETE, reason=IncompleteReason.NO_ACCESS)
    evidence = {"no_access_id": str(record.id), "waited_minutes": waited_minutes}
    _pause(session, visit, evidence)
    _offer_rebooking(session, visit, record)
    return record


def _require_tried(visit: Visit, call_log: Sequence[dict[str, Any]], waited: int) -> None:
    if visit.status not in AT_THE_DOOR:
        raise Conflict("Nobody is at the door of this visit.", code="not_at_the_door")
    if not call_log:
        raise Invalid("Call the customer first and note the call.", code="call_log_empty")
    if timedelta(minutes=waited) < WAIT:
        minutes = int(WAIT.total_seconds() // 60)
        raise Conflict(
            f"Wait {minutes} minutes before leaving.", code="wait_longer", wait_minutes=minutes
        )


def _fill(
    session: Session,
    record: NoAccess,
    visit: Visit,
    call_log: Sequence[dict[str, Any]],
    waited_minutes: int,
    photo_id: UUID | None,
) -> None:
    order = get_work_order(session, visit.work_order_id)
    work_type = get_work_type(session, order.work_type_id)
    assignment = assignment_of(session, visit.id)
    customer = get(session, Customer, visit.customer_id)
    record.technician_id = None if assignment is None else assignment.technician_id
    record.at = clock.now(session)
    record.waited_minutes, record.call_log = waited_minutes, list(call_log)
    record.photo_id, record.currency = photo_id, work_type.currency
    record.charge_rule = charge_rule(vulnerable=customer.vulnerable, evidence=photo_id is not None)
    charged = record.charge_rule == "charged"
    record.charge_cents = work_type.price_cents * CHARGE_PCT // 100 if charged else 0
    session.add(record)
    session.flush()


def charge_rule(*, vulnerable: bool, evidence: bool) -> str:
    """Charged only with a photo as evidence, and never to somebody vulnerable."""
    if vulnerable:
        return "waived_vulnerable"
    return "charged" if evidence else "waived_no_evidence"


def _pause(session: Session, visit: Visit, evidence: dict[str, Any]) -> None:
    try:
        with session.begin_nested():
            work_orders.pause_sla(
                session, visit.work_order_id, reason="no_access", evidence=evidence
            )
    except Conflict as refusal:
        if refusal.code != "sla_paused":
            raise


def _offer_rebooking(session: Session, visit: Visit, record: NoAccess) -> None:
    waiting = [
        later.id
        for later in list_visits_of(session, visit.work_order_id)
        if later.status is VisitStatus.UNSCHEDULED
    ]
    publish(
        session,
        NoAccessRecorded(
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
            technician_id=record.technician_id,
            visit_id=visit.id,
            work_order_id=visit.work_order_id,
            follow_up_visit_id=waiting[-1] if waiting else None,
            charge_cents=record.charge_cents,
        ),
    )
