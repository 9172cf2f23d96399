"""Writes of visits: made with their order, added, edited, marked at risk."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.events import VisitAdded, VisitAtRisk
from dispatch.technicians.preferences.queries import Wishes, wishes_about
from dispatch.work_orders import queries
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from dispatch.work_orders.ports import duration_rule
from kernel.errors import Invalid
from kernel.events import publish

EDITABLE = frozenset(
    {
        "duration_minutes",
        "p80_minutes",
        "crew_size",
        "skills",
        "credentials",
        "languages",
        "window_start",
        "window_end",
        "earliest_at",
        "due_at",
        "preferred_technician_ids",
        "required_technician_ids",
        "excluded_technician_ids",
        "paused_overnight",
        "note",
        "report",
    }
)


def make_visit(
    session: Session,
    order: WorkOrder,
    work_type: WorkType,
    site: Site,
    *,
    window: tuple[datetime, datetime] | None = None,
    earliest_at: datetime | None = None,
    preferred_technician_ids: list[UUID] | None = None,
) -> Visit:
    """The next visit of an order, with the requirements of its work type and its site."""
    demands = site.requirements
    usually, rarely = duration_rule()(session, work_type, site)
    wishes = wishes_about(session, order.customer_id)
    preferred = {*(preferred_technician_ids or ()), *wishes.preferred} - wishes.blocked
    visit = Visit(
        work_order_id=order.id,
        sequence=queries.last_sequence(session, order.id) + 1,
        status=VisitStatus.UNSCHEDULED,
        site_id=site.id,
        customer_id=order.customer_id,
        territory_id=order.territory_id,
        duration_minutes=usually,
        p80_minutes=rarely,
        crew_size=work_type.crew_size,
        skills=_strictest(work_type.skills, demands.get("skills", [])),
        credentials=sorted({*work_type.credentials, *demands.get("credentials", [])}),
        languages=list(demands.get("languages", [])),
        tools=sorted({*work_type.tools, *demands.get("tools", [])}),
        window_start=window[0] if window else None,
        window_end=window[1] if window else None,
        priority=order.priority,
        due_at=order.due_at,
        earliest_at=earliest_at or order.earliest_at,
        preferred_technician_ids=sorted(preferred),
        excluded_technician_ids=sorted(wishes.blocked),
    )
    session.add(visit)
    session.flush()
    return visit


def add_visit(
    session: Session,
    order: WorkOrder,
    *,
    window: tuple[datetime, datetime] | None = None,
    earliest_at: datetime | None = None,
    preferred_technician_ids: list[UUID] | None = None,
) -> Visit:
    """A further visit of a locked order; publishes VisitAdded and does not roll up."""
    visit = make_visit(
        session,
        order,
        queries.get_work_type(session, order.work_type_id),
        session.get_one(Site, order.site_id),
        window=window,
        earliest_at=earliest_at,
        preferred_technician_ids=preferred_technician_ids,
    )
    publish(
        session,
        VisitAdded(
            visit_id=visit.id,
            work_order_id=order.id,
            sequence=visit.sequence,
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
        ),
    )
    return visit


def mark_at_risk(
    session: Session, visit: Visit, at_risk: bool = True, *, technician_id: UUID | None = None
) -> None:
    """Say that a visit will probably miss its window or due time, or that it will not any more."""
    if visit.at_risk is at_risk:
        return
    visit.at_risk = at_risk
    session.flush()
    if at_risk:
        publish(
            session,
            VisitAtRisk(
                visit_id=visit.id,
                territory_id=visit.territory_id,
                customer_id=visit.customer_id,
                technician_id=technician_id,
            ),
        )


def edit_visit(session: Session, visit: Visit, changes: Mapping[str, Any]) -> Visit:
    """Set columns that say what a visit needs or how it went; its status is not one of them."""
    unknown = changes.keys() - EDITABLE
    if unknown:
        raise Invalid(f"{min(unknown)} of a visit cannot be edited.", code="not_editable")
    for name, value in changes.items():
        setattr(visit, name, value)
    session.flush()
    return visit


def follow_wishes(session: Session, visit: Visit, technician_id: UUID, wishes: Wishes) -> None:
    """Write what the two sides wish of each other now onto an open visit."""
    for column, those in (
        ("excluded_technician_ids", wishes.blocked),
        ("preferred_technician_ids", wishes.preferred),
    ):
        known: list[UUID] = getattr(visit, column)
        others = [key for key in known if key != technician_id]
        wanted = [*others, technician_id] if technician_id in those else others
        if wanted != known:
            setattr(visit, column, wanted)
    session.flush()


def _strictest(own: list[dict[str, Any]], inherited: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each skill once, at the highest level asked for."""
    levels: dict[str, int] = {}
    for need in [*own, *inherited]:
        level = int(need.get("level", 1))
        levels[need["skill"]] = max(levels.get(need["skill"], 0), level)
    return [{"skill": skill, "level": level} for skill, level in sorted(levels.items())]
