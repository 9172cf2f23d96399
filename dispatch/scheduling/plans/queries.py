"""Reading plans, and whether there is something to plan."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, defer, undefer

from dispatch.customers.models import Customer, Site
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.plans.concerned import (
    Concerned,
    ConcernedVisit,
    technicians_of,
    visits_of,
)
from dispatch.scheduling.plans.lifecycle import PENDING, PlanKind, PlanStatus
from dispatch.scheduling.plans.models import ASKED, Plan
from dispatch.scheduling.policies.queries import Policies, get_policy, policies_in_force
from dispatch.technicians.models import Absence, Shift, Technician
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import PLANNED_VISITS, RUNNING_VISITS, VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder
from dispatch.work_orders.queries import is_plannable
from kernel.db import get
from kernel.errors import NotFound
from kernel.settings import settings


def get_plan(session: Session, plan_id: UUID) -> Plan:
    return get(session, Plan, plan_id)


def policies_of(session: Session, plan: Plan) -> Policies:
    """The policies in force, or the one that a draft was asked to follow everywhere."""
    if ASKED not in plan.policy:
        return policies_in_force(session)
    return Policies({None: get_policy(session, UUID(plan.policy[ASKED]))})


def select_plans(
    territory_id: UUID | None = None,
    status: PlanStatus | None = None,
    parent_id: UUID | None = None,
) -> Select[Plan]:
    """Plans, or the parts of one, without what only one plan's page or a replay needs."""
    heavy = (Plan.snapshot, Plan.result, Plan.difference)
    statement = select(Plan).options(*(defer(column) for column in heavy))
    statement = statement.where(Plan.parent_id.is_not_distinct_from(parent_id))
    if status is not None:
        statement = statement.where(Plan.status == status)
    if territory_id is not None:
        statement = statement.where(Plan.territory_ids.contains([territory_id]))
    return statement


def concerned(session: Session, plan_id: UUID) -> Concerned:
    """The plan's difference with the names of everybody and everything in it."""
    plan = session.scalar(
        select(Plan)
        .options(defer(Plan.snapshot), defer(Plan.result), undefer(Plan.difference))
        .where(Plan.id == plan_id)
    )
    if plan is None:
        raise NotFound("plan", plan_id)
    people = session.execute(
        select(Technician.id, Technician.name, Technician.currency).where(
            Technician.id.in_(technicians_of(plan))
        )
    ).all()
    visits = session.execute(
        select(
            Visit.id,
            WorkOrder.number,
            WorkOrder.title,
            Customer.name,
            Site.latitude,
            Site.longitude,
        )
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Customer, Customer.id == Visit.customer_id)
        .join(Site, Site.id == Visit.site_id)
        .where(Visit.id.in_(visits_of(plan)))
        .order_by(WorkOrder.number, Visit.id)
    )
    return Concerned(
        plan,
        policies_in_force(session).shared(plan.territory_ids).repair_budget,
        next((currency for _, _, currency in people), settings().currency),
        [ConcernedVisit(*row) for row in visits],
        {key: name for key, name, _ in people},
    )


def find_requested(
    session: Session, territory_ids: Collection[UUID], horizon_end: datetime
) -> Plan | None:
    """A plan, no draft, that waits to be solved and covers all of this."""
    return session.scalar(
        select(Plan)
        .where(
            Plan.status == PlanStatus.REQUESTED,
            Plan.kind == PlanKind.PLAN,
            Plan.parent_id.is_(None),
            Plan.territory_ids.contains(list(territory_ids)),
            Plan.horizon_end >= horizon_end - timedelta(hours=1),
        )
        .order_by(Plan.id)
        .limit(1)
    )


def find_requested_repair(session: Session, territory_id: UUID) -> Plan | None:
    """A repair of this territory that waits to be solved."""
    return session.scalar(
        select(Plan)
        .where(
            Plan.status == PlanStatus.REQUESTED,
            Plan.kind == PlanKind.REPAIR,
            Plan.territory_ids.contains([territory_id]),
        )
        .order_by(Plan.id)
        .limit(1)
        .with_for_update(key_share=True)
    )


def list_parts(session: Session, plan_id: UUID) -> Sequence[Plan]:
    """The parts of a plan with what they change, in the order they were made."""
    return session.scalars(
        select(Plan)
        .where(Plan.parent_id == plan_id)
        .options(defer(Plan.snapshot), defer(Plan.result))
        .order_by(Plan.id)
        .execution_options(populate_existing=True)
    ).all()


def has_parts(session: Session, plan_id: UUID) -> bool:
    return session.scalar(select(Plan.id).where(Plan.parent_id == plan_id).limit(1)) is not None


def parts_left_behind(session: Session, before: datetime) -> Sequence[UUID]:
    """Parts that nobody has worked on since then."""
    return session.scalars(
        select(Plan.id)
        .where(
            Plan.parent_id.is_not(None),
            Plan.status.in_(PENDING),
            func.coalesce(Plan.solving_at, Plan.created_at) < before,
        )
        .order_by(Plan.id)
    ).all()


def list_drafted_repairs(session: Session, territory_ids: Collection[UUID]) -> Sequence[Plan]:
    """Repairs of these territories that wait for a decision."""
    return session.scalars(
        select_plans()
        .where(
            Plan.status == PlanStatus.DRAFTED,
            Plan.kind == PlanKind.REPAIR,
            Plan.territory_ids.overlap(list(territory_ids)),
        )
        .order_by(Plan.id)
    ).all()


def visits_by_id(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, Visit]:
    return {
        visit.id: visit for visit in session.scalars(select(Visit).where(Visit.id.in_(visit_ids)))
    }


def last_improvements(session: Session) -> list[tuple[UUID, Plan | None]]:
    """Each territory and its last improvement, the longest ago first."""
    found = session.scalars(
        select_plans()
        .where(Plan.kind == PlanKind.IMPROVEMENT)
        .order_by(Plan.territory_ids, Plan.id.desc())
        .ext(distinct_on(Plan.territory_ids))
    )
    last = {plan.territory_ids[0]: plan for plan in found}
    known = session.scalars(select(Territory.id).order_by(Territory.id))
    never = UUID(int=0)
    return sorted(
        ((key, last.get(key)) for key in known),
        key=lambda pair: pair[1].id if pair[1] else never,
    )


def has_changed(session: Session, territory_id: UUID, since: datetime) -> bool:
    """Whether its visits or people's times have changed since then."""
    people = select(Technician.id).where(Technician.territory_id == territory_id)
    changed = [
        exists().where(Visit.territory_id == territory_id, Visit.updated_at > since),
        exists().where(Shift.technician_id.in_(people), Shift.updated_at > since),
        exists().where(Absence.technician_id.in_(people), Absence.updated_at > since),
        exists().where(Technician.territory_id == territory_id, Technician.updated_at > since),
    ]
    return bool(session.scalar(select(or_(*changed))))


def list_pending(session: Session) -> Sequence[Plan]:
    return session.scalars(select_plans().where(Plan.status.in_(PENDING)).order_by(Plan.id)).all()


def territories_to_plan(session: Session) -> Sequence[UUID]:
    """Territories with visits that wait for somebody or are at risk."""
    return session.scalars(
        select(Visit.territory_id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .where(
            Visit.territory_id.is_not(None),
            is_plannable(),
            (Visit.status == VisitStatus.UNSCHEDULED)
            | (Visit.at_risk & Visit.status.in_(PLANNED_VISITS)),
        )
        .group_by(Visit.territory_id)
        .order_by(Visit.territory_id)
    ).all()  # type: ignore[return-value]  # the filter leaves no None


def visits_in_absence(
    session: Session, technician_id: UUID, start: datetime, end: datetime
) -> list[tuple[UUID, VisitStatus]]:
    """What the technician was to do in `[start, end)` and has not finished."""
    rows = session.execute(
        select(Visit.id, Visit.status)
        .join(Assignment, Assignment.visit_id == Visit.id)
        .where(
            Assignment.technician_id == technician_id,
            Assignment.status.in_(
                [AssignmentStatus.HELD, AssignmentStatus.CONFIRMED, AssignmentStatus.ACTIVE]
            ),
            Assignment.starts_at < end,
            Assignment.ends_at > start,
            Visit.status.in_(PLANNED_VISITS | RUNNING_VISITS | {VisitStatus.UNSCHEDULED}),
        )
        .order_by(Visit.id)
    )
    return [(key, status) for key, status in rows]


def open_visits_of_customer(session: Session, customer_id: UUID) -> list[UUID]:
    """Visits of the customer that nobody has set out for."""
    return list(
        session.scalars(
            select(Visit.id)
            .where(
                Visit.customer_id == customer_id,
                Visit.status.in_(PLANNED_VISITS | {VisitStatus.UNSCHEDULED}),
            )
            .order_by(Visit.id)
        )
    )


def planned_visits_of(session: Session, work_order_id: UUID) -> list[UUID]:
    """Visits of the order that somebody is assigned to and nobody has set out for."""
    return list(
        session.scalars(
            select(Visit.id).where(
                Visit.work_order_id == work_order_id, Visit.status.in_(PLANNED_VISITS)
            )
        )
    )


def forced_too_long(session: Session) -> list[UUID]:
    """Visits not begun whose forced overlap was granted until a time that is over."""
    return list(
        session.scalars(
            select(Assignment.visit_id).where(
                Assignment.status == AssignmentStatus.CONFIRMED,
                Assignment.overlap_until <= text("(SELECT app_now())"),
            )
        )
    )


def lock_requests(session: Session) -> None:
    """One request at a time, so that equal ones find each other."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('firstfix.request_plan'))"))
