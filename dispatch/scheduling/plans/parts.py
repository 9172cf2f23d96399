"""Cutting a large plan into parts, and counting them as they come in."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import PlanPartsFinished, PlanRequested
from dispatch.scheduling.cuts.cutting import Part, cut
from dispatch.scheduling.cuts.queries import people_of, visits_of
from dispatch.scheduling.plans.lifecycle import PLAN, PlanStatus
from dispatch.scheduling.plans.models import ASKED, Plan
from dispatch.scheduling.problems.queries import Demand, StaffDay
from kernel import clock
from kernel.db import locked
from kernel.events import publish
from kernel.settings import settings


def split(session: Session, plan: Plan, staff: StaffDay, demand: Demand, start: datetime) -> bool:
    """Ask for the parts of a plan that is too large to be solved whole; False when it is not.

    The plan must be locked: it waits in solving for its parts.
    """
    most = settings().plan_part_visits
    if len(demand.visits) <= most:
        return False
    found = [
        part for part in cut(people_of(staff, start), visits_of(demand), most) if part.visit_ids
    ]
    if len(found) < 2:
        return False
    if plan.status is PlanStatus.REQUESTED:
        PLAN.check(plan.status, PlanStatus.SOLVING)
        plan.status = PlanStatus.SOLVING
    plan.solving_at = clock.now(session)
    request(session, plan, found)
    return True


def request(
    session: Session, plan: Plan, wanted: Sequence[Part], *, is_border: bool = False
) -> None:
    """Have each part solved by a job of its own, by whichever worker is free."""
    made = [
        Plan(
            status=PlanStatus.REQUESTED,
            kind=plan.kind,
            parent_id=plan.id,
            is_border=is_border,
            horizon_start=plan.horizon_start,
            horizon_end=plan.horizon_end,
            territory_ids=sorted(part.territory_ids),
            technician_ids=sorted(part.technician_ids),
            visit_ids=sorted(part.visit_ids),
            policy={key: plan.policy[key] for key in (ASKED,) if key in plan.policy},
            seed=secrets.randbelow(2**31),
            limit_seconds=plan.limit_seconds,
            requested_by=plan.requested_by,
            trigger=plan.trigger,
        )
        for part in wanted
    ]
    session.add_all(made)
    plan.open_parts += len(made)
    session.flush()
    for child in made:
        publish(session, PlanRequested(plan_id=child.id, territory_id=only_of(child)))


def only_of(plan: Plan) -> UUID | None:
    """The plan's territory, when it has one alone."""
    return plan.territory_ids[0] if len(plan.territory_ids) == 1 else None


def arrived(session: Session, part: Plan) -> None:
    """A part is over, for good or ill: the last one to come in has the plan joined.

    Called in the transaction that ends the part, which holds the part's row: so it counts once.
    """
    if part.parent_id is None:
        return
    [plan] = locked(session, Plan, [part.parent_id])
    plan.open_parts -= 1
    session.flush()
    if not plan.open_parts:
        publish(session, PlanPartsFinished(plan_id=plan.id, territory_id=only_of(plan)))
