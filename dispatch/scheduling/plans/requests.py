"""Asking for small plans: one technician's day, or an improvement of what is planned."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.queries import day_bounds
from dispatch.scheduling.plans import queries
from dispatch.scheduling.plans.lifecycle import PlanKind
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.policies.queries import policies_in_force
from dispatch.technicians.queries import get_technician
from dispatch.territories.queries import get_territory
from kernel import clock


def request_day(
    session: Session, technician_id: UUID, day: date | None = None, *, trigger: str = "dispatcher"
) -> Plan:
    """Ask for what is left of one technician's day (today) to be planned: nobody else's changes.

    Raises Invalid `horizon_empty` for a day that is over.
    """
    technician = get_technician(session, technician_id)
    zone = get_territory(session, technician.territory_id).time_zone
    wanted = day or clock.now(session).astimezone(ZoneInfo(zone)).date()
    start, end = day_bounds(wanted, zone)
    return request_plan(
        session,
        territory_ids=[technician.territory_id],
        horizon_start=start,
        horizon_end=end,
        trigger=trigger,
        kind=PlanKind.TECHNICIAN,
        technician_id=technician_id,
    )


def request_improvement(session: Session) -> Plan | None:
    """Ask for one territory's plan to be improved: whose turn it is, and something has changed.

    Nothing while another plan waits or is being solved.
    """
    if queries.list_pending(session):
        return None
    policies = policies_in_force(session)
    for territory_id, last in queries.last_improvements(session):
        seconds = policies.of(territory_id).improve_seconds
        same_policy = last and last.policy.get("versions") == policies.versions([territory_id])
        if seconds == 0 or (
            last
            and same_policy
            and not queries.has_changed(session, territory_id, last.solving_at or last.created_at)
        ):
            continue
        return request_plan(
            session,
            territory_ids=[territory_id],
            limit_seconds=seconds,
            trigger="time",
            kind=PlanKind.IMPROVEMENT,
        )
    return None
