"""What asks for plans: requests, time, new work, absences, visits that fail or run late."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import (
    CredentialEnded,
    PlanApproved,
    PlanPartsFinished,
    PlanRequested,
    PreferenceChanged,
    TechnicianAbsent,
    TechnicianSuspended,
    VisitAdded,
    VisitAtRisk,
    VisitMoved,
    VisitUnserved,
    WorkOrderChanged,
    WorkOrderMoved,
    WorkOrderOpened,
)
from dispatch.scheduling.plans import queries, releases, service
from dispatch.scheduling.plans.joining import give_up_parts, join
from dispatch.scheduling.plans.requests import request_improvement
from dispatch.scheduling.plans.solving import run_approved, run_plan
from dispatch.scheduling.slots.queries import can_be_served
from dispatch.work_orders.lifecycle import Source, VisitStatus, WorkOrderStatus
from dispatch.work_orders.queries import get_order_status, get_visit
from kernel import clock
from kernel.events import publish
from kernel.jobs import every, on
from kernel.settings import settings

EMERGENCY = 5
"""The priority from which the day is changed at once for one visit."""
WORTH_PLANNING = frozenset({"priority", "prerequisite_done", "sla_resumed", "edited"})


@on(PlanRequested, name="scheduling.solve_plan", queue="planning", outside=True)
def solve_plan(event: PlanRequested, key: str) -> None:
    run_plan(event.plan_id)


@on(PlanPartsFinished, name="scheduling.join_plan", queue="planning")
def join_plan(session: Session, event: PlanPartsFinished) -> None:
    join(session, event.plan_id)


@on(PlanApproved, name="scheduling.apply_plan", queue="planning", outside=True)
def apply_plan(event: PlanApproved, key: str) -> None:
    run_approved(event.plan_id)


@every(timedelta(minutes=15), name="scheduling.plan_regularly")
def plan_regularly(session: Session, due_at: datetime) -> None:
    releases.end_forced(session)
    service.forget_undecided(session)
    give_up_parts(session)
    for territory_id in queries.territories_to_plan(session):
        if not queries.list_drafted_repairs(session, [territory_id]):
            _plan(session, territory_id, "time")


@every(timedelta(seconds=20), name="scheduling.improve", time="real")
def improve(session: Session, due_at: datetime) -> None:
    if settings().optimizer_enabled and settings().improve_plans:
        request_improvement(session)


@on(WorkOrderOpened, name="scheduling.plan_opened")
def plan_opened(session: Session, event: WorkOrderOpened) -> None:
    """A customer who books chooses a window first, unless there is none to choose."""
    if event.priority >= EMERGENCY:
        _repair(session, event.territory_id, [event.visit_id], "emergency")
        return
    if Source(event.source) is not Source.BOOKING:
        _plan(session, event.territory_id, "work_order_opened")
        return
    visit = get_visit(session, event.visit_id)
    if visit.status is not VisitStatus.UNSCHEDULED:
        return
    by = visit.due_at or clock.now(session) + service.HORIZON
    if not can_be_served(session, visit.id, by):
        publish(
            session,
            VisitUnserved(
                territory_id=event.territory_id,
                customer_id=event.customer_id,
                visit_id=visit.id,
                reason="nobody_in_time",
            ),
        )


@on(VisitAdded, name="scheduling.plan_follow_up")
def plan_follow_up(session: Session, event: VisitAdded) -> None:
    _repair(session, event.territory_id, [event.visit_id], "visit_added")


@on(TechnicianAbsent, name="scheduling.release_absent")
def release_absent(session: Session, event: TechnicianAbsent) -> None:
    assert event.technician_id is not None
    released = releases.release_absent(
        session, event.technician_id, event.starts_at, event.ends_at, is_rest=event.is_rest
    )
    if released:
        _repair(session, event.territory_id, released, "absence")


@on(CredentialEnded, name="scheduling.release_unproven")
def release_unproven(session: Session, event: CredentialEnded) -> None:
    assert event.technician_id is not None
    released = releases.release_unproven(session, event.technician_id, event.kind)
    if released:
        _repair(session, event.territory_id, released, "credential")


@on(TechnicianSuspended, name="scheduling.release_suspended")
def release_suspended(session: Session, event: TechnicianSuspended) -> None:
    assert event.technician_id is not None
    released = releases.release_suspended(session, event.technician_id)
    if released:
        _repair(session, event.territory_id, released, "suspension")


@on(PreferenceChanged, name="scheduling.follow_preference")
def follow_preference(session: Session, event: PreferenceChanged) -> None:
    for visit in releases.follow_preference(session, event.of_customer_id, event.of_technician_id):
        _repair(session, visit.territory_id, [visit.id], "block")


@on(
    VisitMoved,
    name="scheduling.plan_incomplete",
    when=lambda event: event.to_status == VisitStatus.INCOMPLETE,
)
def plan_incomplete(session: Session, event: VisitMoved) -> None:
    _repair(session, event.territory_id, [event.visit_id], "visit_incomplete")


@on(VisitAtRisk, name="scheduling.plan_at_risk")
def plan_at_risk(session: Session, event: VisitAtRisk) -> None:
    _repair(session, event.territory_id, [event.visit_id], "at_risk")


@on(
    WorkOrderMoved,
    name="scheduling.follow_work_order",
    when=lambda event: WorkOrderStatus.ON_HOLD in (event.from_status, event.to_status),
)
def follow_work_order(session: Session, event: WorkOrderMoved) -> None:
    """An order on hold gives its people back; one released is planned again."""
    if get_order_status(session, event.work_order_id) is WorkOrderStatus.ON_HOLD:
        releases.release_order(session, event.work_order_id, "work order on hold")
    else:
        _plan(session, event.territory_id, "work_order_released")


@on(
    WorkOrderChanged,
    name="scheduling.plan_changed",
    when=lambda event: event.what in WORTH_PLANNING,
)
def plan_changed(session: Session, event: WorkOrderChanged) -> None:
    _plan(session, event.territory_id, "work_order_changed")


def _plan(session: Session, territory_id: UUID | None, trigger: str) -> None:
    """Ask for a plan, unless the optimizer is off: then people plan by hand."""
    if not settings().optimizer_enabled:
        return
    territory_ids = None if territory_id is None else [territory_id]
    service.request_plan(session, territory_ids=territory_ids, trigger=trigger)


def _repair(
    session: Session, territory_id: UUID | None, visit_ids: Collection[UUID], trigger: str
) -> None:
    """Ask for the smallest change; a visit without a territory is everybody's."""
    if territory_id is None:
        _plan(session, None, trigger)
    elif settings().optimizer_enabled:
        service.request_repair(session, territory_id, visit_ids, trigger=trigger)
