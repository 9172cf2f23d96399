"""Reading the board, one visit, and a technician's day; a bounded number of SELECTs each."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import assignments_by_visit, day_bounds, occupying
from dispatch.scheduling.board.cards import Board, Card, DaySheet, Seat
from dispatch.scheduling.board.ports import open_offers
from dispatch.scheduling.bookings.queries import confirmed_by_visit
from dispatch.scheduling.crowd_shares.counting import SHARE_USED_UP
from dispatch.scheduling.pins.queries import pins_by_visit
from dispatch.scheduling.plans.lifecycle import PENDING, PlanKind, PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.technicians.models import Technician
from dispatch.technicians.queries import list_for_planning
from dispatch.territories.queries import get_territory
from dispatch.work_orders.lifecycle import (
    OPEN_VISITS,
    OPEN_WORK_ORDERS,
    VisitStatus,
    WorkOrderStatus,
)
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from kernel import clock
from kernel.db import get
from kernel.errors import NotFound

MOST_WAITING = 500


REPAIRS_LOOKED_AT = 20


def board(session: Session, territory_id: UUID, day: date | None = None) -> Board:
    """The local day of the territory (today when None)."""
    territory = get_territory(session, territory_id)
    now = clock.now(session)
    shown = day or now.astimezone(ZoneInfo(territory.time_zone)).date()
    start, end = day_bounds(shown, territory.time_zone)
    technicians = list_for_planning(session, [territory_id], start, end)
    visit_ids = {*_visits_of_day(session, territory_id, start, end)}
    visit_ids |= {*_visits_waiting(session, territory_id)}
    reasons = _reasons(session, territory_id)
    return Board(
        territory=territory,
        day=shown,
        starts_at=start,
        ends_at=end,
        now=now,
        technicians=technicians,
        cards=cards(session, visit_ids, reasons),
        offers=open_offers()(session, territory_id, start, end),
        plans=_pending(session, territory_id),
    )


def _visits_of_day(
    session: Session, territory_id: UUID, start: datetime, end: datetime
) -> Sequence[UUID]:
    own = select(Technician.id).where(Technician.territory_id == territory_id)
    return session.scalars(
        select(Assignment.visit_id)
        .join(Visit, Visit.id == Assignment.visit_id)
        .where(
            occupying(),
            Assignment.starts_at < end,
            Assignment.ends_at > start,
            or_(Visit.territory_id == territory_id, Assignment.technician_id.in_(own)),
        )
    ).all()


def _visits_waiting(session: Session, territory_id: UUID) -> Sequence[UUID]:
    """Those nobody is assigned to, and those at risk whatever their day."""
    return session.scalars(
        select(Visit.id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .where(
            Visit.territory_id == territory_id,
            WorkOrder.status.in_(OPEN_WORK_ORDERS),
            or_(
                Visit.status == VisitStatus.UNSCHEDULED,
                Visit.at_risk & Visit.status.in_(OPEN_VISITS),
            ),
        )
        .order_by(Visit.priority.desc(), Visit.due_at.nulls_last(), Visit.id)
        .limit(MOST_WAITING)
    ).all()


def cards(
    session: Session, visit_ids: Collection[UUID], reasons: dict[UUID, str] | None = None
) -> list[Card]:
    """These visits, the most urgent first; seven SELECTs."""
    if not visit_ids:
        return []
    rows = session.execute(
        select(Visit, WorkOrder, WorkType, Site, Customer)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(WorkType, WorkType.id == WorkOrder.work_type_id)
        .join(Site, Site.id == Visit.site_id)
        .join(Customer, Customer.id == Visit.customer_id)
        .where(Visit.id.in_(visit_ids))
        .order_by(Visit.priority.desc(), Visit.due_at.nulls_last(), Visit.id)
        .execution_options(populate_existing=True)
    ).all()
    seats = assignments_by_visit(session, visit_ids)
    names = _names(session, {row.technician_id for own in seats.values() for row in own})
    bookings, pins = confirmed_by_visit(session, visit_ids), pins_by_visit(session, visit_ids)
    return [
        Card(
            visit=visit,
            order=order,
            work_type=work_type,
            site=site,
            customer=customer,
            booking=bookings.get(visit.id),
            pins=pins[visit.id],
            seats=[Seat(row, names[row.technician_id]) for row in seats.get(visit.id, ())],
            unassigned_reason=_why(visit, order, reasons or {}),
        )
        for visit, order, work_type, site, customer in rows
    ]


def get_card(session: Session, visit_id: UUID) -> Card:
    found = cards(session, [visit_id])
    if not found:
        raise NotFound("visit", visit_id)
    return found[0]


def _names(session: Session, technician_ids: Collection[UUID]) -> dict[UUID, str]:
    rows = session.execute(
        select(Technician.id, Technician.name).where(Technician.id.in_(technician_ids))
    )
    # a list, because dict() takes the Result itself for a mapping
    return dict(rows.all())


def _why(visit: Visit, order: WorkOrder, reasons: dict[UUID, str]) -> str | None:
    if visit.status is not VisitStatus.UNSCHEDULED:
        return None
    if order.status is WorkOrderStatus.ON_HOLD:
        return "on_hold"
    return reasons.get(visit.id)


def _reasons(session: Session, territory_id: UUID) -> dict[UUID, str]:
    """Why the newest plan, or a repair since, found no place, by visit."""
    rows = session.execute(
        select(Plan.kind, Plan.unassigned)
        .where(
            Plan.territory_ids.contains([territory_id]),
            Plan.status.in_([PlanStatus.APPLIED, PlanStatus.PARTLY_APPLIED]),
        )
        .order_by(Plan.id.desc())
        .limit(REPAIRS_LOOKED_AT)
    )
    found: dict[UUID, str] = {}
    for kind, left in rows:
        for item in left:
            if item.get("share"):
                found.setdefault(UUID(item["visit_id"]), SHARE_USED_UP)
            elif item["reasons"]:
                found.setdefault(UUID(item["visit_id"]), item["reasons"][0]["code"])
        if kind is not PlanKind.REPAIR:
            break
    return found


def _pending(session: Session, territory_id: UUID) -> Sequence[Plan]:
    return session.scalars(
        select(Plan)
        .where(Plan.status.in_(PENDING), Plan.territory_ids.contains([territory_id]))
        .order_by(Plan.id)
    ).all()


def day_sheet(session: Session, technician_id: UUID, day: date | None = None) -> DaySheet:
    """The local day of the technician's territory (today when None), in order of time."""
    technician = get(session, Technician, technician_id)
    zone = get_territory(session, technician.territory_id).time_zone
    now = clock.now(session)
    shown = day or now.astimezone(ZoneInfo(zone)).date()
    start, end = day_bounds(shown, zone)
    people = list_for_planning(session, None, start, end, technician_ids=[technician_id])
    starts: dict[UUID, datetime] = dict(
        session.execute(
            select(Assignment.visit_id, Assignment.starts_at).where(
                Assignment.technician_id == technician_id,
                occupying(),
                Assignment.starts_at < end,
                Assignment.ends_at > start,
            )
        ).all()
    )
    found = sorted(cards(session, starts), key=lambda card: starts[card.visit.id])
    shifts = people[0].shifts if people else []
    return DaySheet(technician, zone, shown, now, shifts, found)
