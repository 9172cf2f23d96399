"""Asking for plans, beginning and ending them, and deciding about drafts."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import (
    PlanApplied,
    PlanApproved,
    PlanDrafted,
    PlanFinished,
    PlanRequested,
)
from dispatch.scheduling.changes.difference import (
    changes_from_json,
    difference_to_json,
    net_saving_cents,
)
from dispatch.scheduling.changes.grouping import Change
from dispatch.scheduling.changes.service import Outcome
from dispatch.scheduling.crowd_shares.counting import Bounds
from dispatch.scheduling.crowd_shares.queries import shares_by_territory
from dispatch.scheduling.cuts.queries import confined
from dispatch.scheduling.plans import parts, queries, record
from dispatch.scheduling.plans.lifecycle import (
    CUTTABLE,
    IN_THE_SCHEDULE,
    PENDING,
    PLAN,
    SMALLEST,
    PlanKind,
    PlanStatus,
)
from dispatch.scheduling.plans.models import ASKED, Plan
from dispatch.scheduling.plans.parts import only_of
from dispatch.scheduling.plans.unserved import tell_unserved, unassigned_of
from dispatch.scheduling.policies.queries import get_by_label, policies_in_force
from dispatch.scheduling.problems.build import Built, build_for_plan
from dispatch.scheduling.problems.queries import load_demand, load_staff
from dispatch.scheduling.problems.repairs import around, day_of
from dispatch.territories.queries import list_territories
from dispatch.travel.times import travel_times
from kernel import clock
from kernel.db import locked, present_actor
from kernel.errors import Invalid
from kernel.events import publish
from kernel.settings import settings
from optimizer.codec import plan_to_json, problem_to_json
from optimizer.plan import Plan as Solution
from optimizer.violation import Violation

HORIZON = timedelta(days=3)
HEAD_START = timedelta(minutes=5)
"""A plan begins a little ahead, because solving and telling people takes time."""
MOST_SECONDS = 600
MOST_TRIES = 3
"""So often a part of a plan is begun before the others go on without it."""
DECISION = timedelta(minutes=30)
"""So long a repair waits for a person; until then no regular plan gets ahead of it."""


def request_plan(
    session: Session,
    *,
    territory_ids: Collection[UUID] | None = None,
    horizon_start: datetime | None = None,
    horizon_end: datetime | None = None,
    limit_seconds: float | None = None,
    trigger: str = "dispatcher",
    kind: PlanKind = PlanKind.PLAN,
    visit_ids: Collection[UUID] = (),
    technician_id: UUID | None = None,
    policy: str | None = None,
) -> Plan:
    """Ask for a plan of these territories (all when None); solved soon on the planning queue.

    A request that one still waiting covers is answered with that one; a draft is always its own.
    It alone can follow another `policy` than those in force (NAME or NAME@VERSION).
    """
    if policy is not None and kind is not PlanKind.DRAFT:
        raise Invalid("Only a draft follows another policy.", code="policy_of_drafts")
    now = clock.now(session)
    start = max(horizon_start or now, now)
    end = horizon_end or start + HORIZON
    if end <= start:
        raise Invalid("A plan's horizon ends in the future.", code="horizon_empty")
    limit = limit_seconds or settings().plan_limit_seconds
    if not 0 < limit <= MOST_SECONDS:
        raise Invalid(f"A plan takes up to {MOST_SECONDS} seconds.", code="limit_range")
    known = {territory.id for territory in list_territories(session)}
    wanted = known if territory_ids is None else set(territory_ids)
    if not wanted <= known:
        raise Invalid("There is no such territory.", code="territory_unknown")
    if kind is PlanKind.PLAN:
        queries.lock_requests(session)
        waiting = queries.find_requested(session, wanted, end)
        if waiting is not None:
            return waiting
    plan = Plan(
        status=PlanStatus.REQUESTED,
        kind=kind,
        horizon_start=start,
        horizon_end=end,
        territory_ids=sorted(wanted),
        visit_ids=sorted(visit_ids),
        technician_id=technician_id,
        policy={} if policy is None else {ASKED: str(get_by_label(session, policy).id)},
        seed=secrets.randbelow(2**31),
        limit_seconds=limit,
        requested_by=present_actor(session),
        trigger=trigger,
    )
    session.add(plan)
    session.flush()
    publish(session, PlanRequested(plan_id=plan.id, territory_id=only_of(plan)))
    return plan


def request_repair(
    session: Session, territory_id: UUID, visit_ids: Collection[UUID], *, trigger: str
) -> Plan:
    """Ask for the smallest change that puts these visits right.

    A plan that waits does it, too; a repair that waits takes them in.
    """
    queries.lock_requests(session)
    waiting = queries.find_requested(session, [territory_id], clock.now(session))
    if waiting is not None:
        return waiting
    repair = queries.find_requested_repair(session, territory_id)
    if repair is not None:
        repair.visit_ids = sorted({*repair.visit_ids, *visit_ids})
        session.flush()
        return repair
    return request_plan(
        session,
        territory_ids=[territory_id],
        trigger=trigger,
        kind=PlanKind.REPAIR,
        visit_ids=visit_ids,
    )


def begin(session: Session, plan_id: UUID) -> tuple[Plan, Built] | None:
    """Read the problem and keep it with the plan; None when there is nothing left to do.

    A plan that a process left in solving is begun again; a large one is cut into parts.
    """
    [plan] = locked(session, Plan, [plan_id])
    if plan.status not in PENDING or queries.has_parts(session, plan_id):
        return None
    plan.tries += 1
    if plan.parent_id is not None and plan.tries > MOST_TRIES:
        finish(session, plan, PlanStatus.FAILED, "Its process died each time.")
        return None
    now = clock.now(session)
    start = max(plan.horizon_start, now + HEAD_START)
    staff = load_staff(session, plan.territory_ids, start, plan.horizon_end)
    staff = replace(staff, policies=queries.policies_of(session, plan))
    demand = load_demand(session, plan.territory_ids, start, plan.horizon_end)
    if demand.crowd:
        shares = shares_by_territory(
            session, staff.policies, plan.territory_ids, start, plan.horizon_end
        )
        demand = replace(demand, bounds=Bounds(shares))
    if plan.parent_id is not None:
        staff, demand = confined(staff, demand, plan.technician_ids, plan.visit_ids)
    elif plan.kind in CUTTABLE and parts.split(session, plan, staff, demand, start):
        return None
    built = build_for_plan(staff, demand, start, plan.horizon_end)
    if plan.kind is PlanKind.REPAIR:
        built = around(built, staff, plan.visit_ids)
    elif plan.technician_id is not None:
        built = day_of(built, plan.technician_id)
    if plan.status is PlanStatus.REQUESTED:
        move_plan(plan, PlanStatus.SOLVING)
    plan.solving_at = now
    plan.policy = plan.policy | {
        "weights": problem_to_json(built.problem)["weights"],
        "versions": staff.policies.versions(plan.territory_ids),
    }
    plan.snapshot = record.snapshot(built)
    plan.travel = {
        "source": travel_times().source,
        "places": len(built.problem.travel),
        "estimated": built.estimated_pairs,
    }
    session.flush()
    if not built.planned:
        finish(session, plan, PlanStatus.EMPTY, "There is nothing to plan.")
        return None
    return plan, built


def move_plan(plan: Plan, to: PlanStatus) -> None:
    PLAN.check(plan.status, to)
    plan.status = to


def finish(session: Session, plan: Plan, to: PlanStatus, message: str | None = None) -> Plan:
    """The plan is over; what it did not do stays as it was."""
    was_open = plan.status in PENDING
    move_plan(plan, to)
    plan.message = message
    plan.finished_at = clock.now(session)
    session.flush()
    if was_open:
        parts.arrived(session, plan)
    only = only_of(plan)
    publish(session, PlanFinished(plan_id=plan.id, status=to, territory_id=only))
    if to in IN_THE_SCHEDULE:
        publish(session, PlanApplied(plan_id=plan.id, territory_id=only))
    return plan


def fail(session: Session, plan_id: UUID, message: str) -> bool:
    """No plan came back: the last one stays, and work by hand goes on. False when a part of a
    plan should be tried again instead."""
    [plan] = locked(session, Plan, [plan_id])
    if plan.parent_id is not None and plan.tries < MOST_TRIES:
        return plan.status not in PENDING
    if plan.status is PlanStatus.SOLVING:
        finish(session, plan, PlanStatus.FAILED, message)
    return True


def refuse(
    session: Session, plan_id: UUID, solution: Solution, violations: Sequence[Violation]
) -> None:
    """The checker found broken rules: nothing of the plan is applied."""
    [plan] = locked(session, Plan, [plan_id])
    if plan.status is not PlanStatus.SOLVING:
        return
    plan.result = plan_to_json(solution)
    first = violations[0].sentence
    finish(session, plan, PlanStatus.REFUSED, f"{len(violations)} broken rules; first: {first}")


def propose(
    session: Session, plan_id: UUID, built: Built, solution: Solution, changes: Sequence[Change]
) -> bool:
    """Keep what the plan is and what it would change; gives whether to go on and change it."""
    [plan] = locked(session, Plan, [plan_id])
    if plan.status is not PlanStatus.SOLVING:
        return False
    plan.result = plan_to_json(solution)
    plan.score = {"total_cents": solution.score.total_cents, **solution.score.terms()}
    plan.unassigned = unassigned_of(built, solution, all_waiting=plan.technician_id is None)
    plan.difference = difference_to_json(built, solution, changes)
    if plan.kind is PlanKind.REPAIR:
        _replace_older(session, plan)
    if plan.kind is PlanKind.IMPROVEMENT:
        return _is_worth_it(session, plan, net_saving_cents(plan.difference, built, changes))
    if plan.kind is PlanKind.PLAN or _is_within_budget(session, plan):
        return True
    if changes:
        draft(session, plan)
    else:
        finish(session, plan, PlanStatus.EMPTY, "It would change nothing.")
    return False


def _is_within_budget(session: Session, plan: Plan) -> bool:
    """Whether a small change breaks so little that nobody needs to be asked."""
    if plan.kind not in SMALLEST or plan.difference is None:
        return False
    budget = policies_in_force(session).shared(plan.territory_ids).repair_budget
    broken: int = plan.difference["promises_broken"]
    return broken <= budget


def _is_worth_it(session: Session, plan: Plan, saved_cents: int) -> bool:
    """Whether an improvement saves what the policy asks for; it ends here when it does not."""
    if saved_cents >= policies_in_force(session).shared(plan.territory_ids).improve_cents:
        return True
    finish(session, plan, PlanStatus.EMPTY, "What it saves is not worth the changes.")
    return False


def _replace_older(session: Session, plan: Plan) -> None:
    """A repair of the same visits that nobody has decided about is out of date."""
    for older in queries.list_drafted_repairs(session, plan.territory_ids):
        if set(older.visit_ids) & set(plan.visit_ids):
            drop(session, older.id, "A newer repair took its place.")


def forget_undecided(session: Session) -> None:
    """Repairs that nobody decided about in time give way to regular plans."""
    known = [territory.id for territory in list_territories(session)]
    oldest = clock.now(session) - DECISION
    for plan in queries.list_drafted_repairs(session, known):
        if (plan.solving_at or plan.created_at) < oldest:
            drop(session, plan.id, "Nobody decided in time.")


def draft_made(
    session: Session,
    built: Built,
    solution: Solution,
    changes: Sequence[Change],
    territory_ids: Collection[UUID],
    trigger: str,
) -> Plan:
    """A draft that needs no search, because what would change is known already.

    It has no input for a replay: nothing was solved.
    """
    plan = Plan(
        status=PlanStatus.REQUESTED,
        kind=PlanKind.DRAFT,
        horizon_start=built.epoch.time(0),
        horizon_end=built.epoch.time(built.problem.horizon_end),
        territory_ids=sorted(territory_ids),
        seed=0,
        limit_seconds=settings().plan_limit_seconds,
        requested_by=present_actor(session),
        trigger=trigger,
        score={"total_cents": solution.score.total_cents, **solution.score.terms()},
        difference=difference_to_json(built, solution, changes),
    )
    session.add(plan)
    session.flush()
    move_plan(plan, PlanStatus.SOLVING)
    plan.solving_at = clock.now(session)
    session.flush()
    draft(session, plan)
    session.flush()
    return plan


def draft(session: Session, plan: Plan) -> None:
    """It waits to be applied or dropped; a part waits for the others."""
    move_plan(plan, PlanStatus.DRAFTED)
    session.flush()
    if plan.parent_id is not None:
        parts.arrived(session, plan)
        return
    broken = (plan.difference or {}).get("promises_broken", 0)
    publish(
        session,
        PlanDrafted(
            plan_id=plan.id, kind=plan.kind, promises_broken=broken, territory_id=only_of(plan)
        ),
    )


def approve(session: Session, plan_id: UUID) -> Plan:
    """Have a draft applied; what has changed since it was made is left as it is."""
    [plan] = locked(session, Plan, [plan_id])
    move_plan(plan, PlanStatus.APPROVED)
    publish(session, PlanApproved(plan_id=plan.id, territory_id=only_of(plan)))
    session.flush()
    return plan


def drop(session: Session, plan_id: UUID, message: str | None = None) -> Plan:
    [plan] = locked(session, Plan, [plan_id])
    return finish(session, plan, PlanStatus.DROPPED, message)


def approved_changes(session: Session, plan_id: UUID) -> list[Change]:
    """What an approved draft changes; nothing when it is over."""
    plan = queries.get_plan(session, plan_id)
    if plan.status is not PlanStatus.APPROVED or plan.difference is None:
        return []
    return changes_from_json(plan.difference)


def conclude(
    session: Session, plan_id: UUID, outcomes: Sequence[tuple[Collection[UUID], Outcome]]
) -> None:
    """Keep what was applied, and tell which visits our own people cannot serve."""
    [plan] = locked(session, Plan, [plan_id])
    if plan.status not in {PlanStatus.SOLVING, PlanStatus.APPROVED}:
        return
    plan.groups = [_group(people, outcome) for people, outcome in outcomes]
    moved = any(outcome.moved for _, outcome in outcomes)
    left = any(outcome.left for _, outcome in outcomes)
    if left:
        finish(session, plan, PlanStatus.PARTLY_APPLIED, "Some visits were changed meanwhile.")
    elif moved or plan.unassigned:
        finish(session, plan, PlanStatus.APPLIED)
    else:
        finish(session, plan, PlanStatus.EMPTY, "Everything is planned as well as can be.")
    if plan.parent_id is None:
        tell_unserved(session, plan)


def _group(people: Collection[UUID], outcome: Outcome) -> dict[str, Any]:
    return {
        "technician_ids": sorted(str(key) for key in people),
        "moved": [str(key) for key in outcome.moved],
        "left": [{"visit_id": str(key), "reason": why} for key, why in outcome.left.items()],
    }
