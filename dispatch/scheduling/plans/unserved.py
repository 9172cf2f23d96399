"""Which visits have no place in a plan, and telling of them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import VisitUnserved
from dispatch.scheduling.changes.grouping import is_protected
from dispatch.scheduling.plans import queries
from dispatch.scheduling.plans.asked import asked_to_json, share_to_json
from dispatch.scheduling.plans.lifecycle import PlanKind
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.problems.build import Built
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.events import publish
from optimizer.plan import Plan as Solution


def unassigned_of(
    built: Built, solution: Solution, *, all_waiting: bool = True
) -> list[dict[str, Any]]:
    """Visits without a place: promised ones first, then by priority; `stays` have an older one,
    `asked` says which freelancers could do it instead, `share` whose share keeps it from them.

    Not `all_waiting`: those alone that had a place before.
    """
    reasons: Mapping[str, Sequence[dict[str, Any]]] = {
        item.job_id: [
            {"code": str(reason.code), "technician_ids": list(reason.technician_ids)}
            for reason in item.reasons
        ]
        for item in solution.unassigned
    }
    asked = {item.job_id: item.asked for item in solution.unassigned}
    kept = {item.job_id: item.share_cap for item in solution.unassigned}
    left = [
        item
        for key, item in built.planned.items()
        if str(key) in reasons and (all_waiting or item.rows)
    ]
    left.sort(key=lambda item: (item.booking is None, -item.visit.priority, item.visit.id))
    return [
        {
            "visit_id": str(item.visit.id),
            "stays": is_protected(built, item.visit.id),
            "reasons": reasons[str(item.visit.id)],
            "asked": asked_to_json(built, asked[str(item.visit.id)]),
            "share": share_to_json(built, kept[str(item.visit.id)]),
        }
        for item in left
    ]


def tell_unserved(session: Session, plan: Plan) -> None:
    """Those without a place that nobody has found one for meanwhile.

    An improvement only tells of those it took off itself: regular plans tell of the others.
    """
    reasons = {UUID(item["visit_id"]): item for item in plan.unassigned if not item["stays"]}
    if plan.kind is PlanKind.IMPROVEMENT:
        changed = {UUID(item["visit_id"]) for item in (plan.difference or {})["changes"]}
        reasons = {key: item for key, item in reasons.items() if key in changed}
    visits = queries.visits_by_id(session, reasons)
    for visit_id, item in reasons.items():
        visit = visits[visit_id]
        if visit.status is not VisitStatus.UNSCHEDULED:
            continue
        publish(
            session,
            VisitUnserved(
                territory_id=visit.territory_id,
                customer_id=visit.customer_id,
                visit_id=visit.id,
                plan_id=plan.id,
                reason=next((reason["code"] for reason in item["reasons"]), "no_place"),
            ),
        )
