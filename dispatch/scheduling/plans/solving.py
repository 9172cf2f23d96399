"""Solving a requested plan: read, solve outside of any transaction, check, apply group by group."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from dispatch.scheduling import solver
from dispatch.scheduling.changes.grouping import Change, Group, differences, groups
from dispatch.scheduling.changes.service import Outcome, apply_group
from dispatch.scheduling.changes.steadiness import keep_times
from dispatch.scheduling.plans import service
from dispatch.scheduling.problems.build import Built
from kernel.db import transaction
from kernel.errors import Conflict, Unavailable
from kernel.log import get_logger
from kernel.principal import SYSTEM
from optimizer.check import check
from optimizer.plan import Plan as Solution

log = get_logger(__name__)

TRIES = 3
WHY = "plan"
Solve = Callable[..., Solution]


def run_plan(plan_id: UUID, solve: Solve = solver.solve) -> None:
    """Carry a plan from requested to its end; safe to repeat."""
    with transaction(SYSTEM, why=WHY) as session:
        begun = service.begin(session, plan_id)
        if begun is None:
            return
        plan, built = begun
        seed, limit_seconds = plan.seed, plan.limit_seconds
        session.expunge_all()
    try:
        solution = solve(
            built.problem, limit_seconds=limit_seconds, seed=seed, previous=built.previous
        )
    except Unavailable as error:
        with transaction(SYSTEM, why=WHY) as session:
            is_over = service.fail(session, plan_id, error.message)
        if not is_over:
            raise
        return
    apply_plan(plan_id, built, solution)


def apply_plan(plan_id: UUID, built: Built, solution: Solution) -> None:
    """Check a solution and apply what is still possible of it."""
    violations = check(built.problem, solution)
    if violations:
        log.error("plan_refused", plan_id=str(plan_id), violations=len(violations))
        with transaction(SYSTEM, why=WHY) as session:
            service.refuse(session, plan_id, solution, violations)
        return
    steady = keep_times(built.problem, solution, built.starts())
    changes = differences(built, steady)
    with transaction(SYSTEM, why=WHY) as session:
        goes_on = service.propose(session, plan_id, built, steady, changes)
    if goes_on:
        _carry_out(plan_id, changes)


def run_approved(plan_id: UUID) -> None:
    """Apply what is still possible of a draft; safe to repeat."""
    with transaction(SYSTEM, why=WHY) as session:
        changes = service.approved_changes(session, plan_id)
    if changes:
        _carry_out(plan_id, changes)


def _carry_out(plan_id: UUID, changes: Sequence[Change]) -> None:
    outcomes = [(group.technicians, _apply(group, plan_id)) for group in groups(changes)]
    with transaction(SYSTEM, why=WHY) as session:
        service.conclude(session, plan_id, outcomes)


def _apply(group: Group, plan_id: UUID) -> Outcome:
    """One transaction per group; what people keep changing is left to them."""
    for attempt in range(TRIES):
        try:
            with transaction(SYSTEM, why=WHY) as session:
                return apply_group(session, group, plan_id)
        except (Conflict, DBAPIError) as error:
            log.warning("group_not_applied", plan_id=str(plan_id), attempt=attempt, why=str(error))
    return Outcome(left={change.visit_id: "changed_meanwhile" for change in group.changes})
