"""What a plan is when all its parts are over."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.cuts.cutting import borders
from dispatch.scheduling.cuts.queries import people_of, visits_of
from dispatch.scheduling.plans import parts, queries
from dispatch.scheduling.plans.lifecycle import PlanKind, PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.service import draft, finish
from dispatch.scheduling.plans.unserved import tell_unserved
from dispatch.scheduling.problems.queries import load_demand, load_staff
from kernel import clock
from kernel.db import locked

LEFT_BEHIND = timedelta(hours=1)
"""A part that nobody worked on for so long is given up."""
WITHOUT_RESULT = frozenset({PlanStatus.FAILED, PlanStatus.REFUSED})


def join(session: Session, plan_id: UUID) -> None:
    """Look at the borders of the cut, if nobody did yet; otherwise the plan is over.

    Its parts are in the schedule already, each under the checks of any plan; those of a draft
    become one draft. Safe to repeat.
    """
    [plan] = locked(session, Plan, [plan_id])
    if plan.status is not PlanStatus.SOLVING or plan.open_parts:
        return
    found = queries.list_parts(session, plan_id)
    is_first = plan.kind is PlanKind.PLAN and not any(part.is_border for part in found)
    if is_first and _look_at_borders(session, plan, found):
        return
    _sum_up(plan, found)
    if plan.kind is PlanKind.DRAFT:
        _join_drafts(session, plan, found)
    else:
        finish(session, plan, _outcome(found), _message(found))
        tell_unserved(session, plan)


def _look_at_borders(session: Session, plan: Plan, found: Sequence[Plan]) -> bool:
    """Ask for one more part per border, from the schedule as the parts have left it; False when
    there is none."""
    start = max(plan.horizon_start, clock.now(session))
    staff = load_staff(session, plan.territory_ids, start, plan.horizon_end)
    demand = load_demand(session, plan.territory_ids, start, plan.horizon_end)
    part_of = {
        key: number
        for number, part in enumerate(found)
        if part.status not in WITHOUT_RESULT
        for key in (*part.technician_ids, *part.visit_ids)
    }
    waiting = {item.visit.id for item in demand.visits if not demand.rows.get(item.visit.id)}
    near = borders(people_of(staff, start), visits_of(demand), part_of, waiting)
    wanted = [part for part in near if part.visit_ids]
    if wanted:
        parts.request(session, plan, wanted, is_border=True)
    return bool(wanted)


def _sum_up(plan: Plan, found: Sequence[Plan]) -> None:
    """The parts' groups, scores and what they leave out; a border adds what it changed."""
    score: Counter[str] = Counter()
    for part in found:
        if part.is_border and part.difference is not None:
            score.update(part.difference["score_after"])
            score.subtract(part.difference["score_before"])
        elif part.score is not None:
            score.update({key: part.score[key] for key in part.score if key != "total_cents"})
    plan.score = {"total_cents": sum(score.values()), **score} if score else None
    plan.groups = [group for part in found for group in part.groups]
    left: dict[str, dict[str, Any]] = {}
    for part in found:
        for visit_id in map(str, part.visit_ids if part.is_border else ()):
            left.pop(visit_id, None)
        left |= {item["visit_id"]: item for item in part.unassigned}
    plan.unassigned = list(left.values())


def _outcome(found: Sequence[Plan]) -> PlanStatus:
    statuses = {part.status for part in found}
    if statuses <= WITHOUT_RESULT:
        return PlanStatus.FAILED
    if statuses & WITHOUT_RESULT or PlanStatus.PARTLY_APPLIED in statuses:
        return PlanStatus.PARTLY_APPLIED
    return PlanStatus.APPLIED if PlanStatus.APPLIED in statuses else PlanStatus.EMPTY


def _message(found: Sequence[Plan]) -> str | None:
    missing = [part for part in found if part.status in WITHOUT_RESULT]
    if missing:
        return f"{len(missing)} of {len(found)} parts have no plan; first: {missing[0].message}"
    if any(part.status is PlanStatus.PARTLY_APPLIED for part in found):
        return "Some visits were changed meanwhile."
    return None


def _join_drafts(session: Session, plan: Plan, found: Sequence[Plan]) -> None:
    """One draft of what all parts would change; the parts themselves are over."""
    drafts = [part for part in found if part.status is PlanStatus.DRAFTED]
    told = [part.difference for part in drafts if part.difference is not None]
    for part in drafts:
        finish(session, part, PlanStatus.DROPPED, "Its changes stand in the draft of the whole.")
    changes = [change for difference in told for change in difference["changes"]]
    if not changes:
        lost = all(part.status in WITHOUT_RESULT for part in found)
        status = PlanStatus.FAILED if lost else PlanStatus.EMPTY
        finish(session, plan, status, _message(found) or "It would change nothing.")
        return
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for difference in told:
        before.update(difference["score_before"])
        after.update(difference["score_after"])
    plan.difference = {
        "changes": changes,
        "promises_broken": sum(difference["promises_broken"] for difference in told),
        "score_before": dict(before),
        "score_after": dict(after),
    }
    plan.message = _message(found)
    draft(session, plan)


def give_up_parts(session: Session) -> None:
    """End parts that no job will ever end, so that their plans go on without them."""
    for part_id in queries.parts_left_behind(session, clock.now(session) - LEFT_BEHIND):
        [part] = locked(session, Plan, [part_id])
        if part.status in {PlanStatus.REQUESTED, PlanStatus.SOLVING}:
            finish(session, part, PlanStatus.FAILED, "No worker took it.")
