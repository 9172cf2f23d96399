"""Which windows can be kept: where one visit fits into the schedule as it stands."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.parts.depots.queries import list_depots_of
from dispatch.parts.models import Part, Stock
from dispatch.scheduling.arrivals.learning import Position
from dispatch.scheduling.arrivals.models import ArrivalErrors
from dispatch.scheduling.arrivals.queries import Promises
from dispatch.scheduling.assignments.queries import busy_seconds, day_bounds
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.pins.models import Pin
from dispatch.scheduling.pins.queries import pins_of
from dispatch.scheduling.slots.grid import LEAD, SURE, Candidate, Span, Window, graded, spans
from dispatch.scheduling.slots.wanted import Needs, Wanted
from dispatch.scheduling.snapshots import keeper
from dispatch.scheduling.snapshots.calendar import Span as Stretch
from dispatch.scheduling.snapshots.snapshot import View
from dispatch.technicians.models import Technician
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import ReservationStatus
from dispatch.work_orders.models import PartReservation, Visit, WorkOrder
from kernel.errors import NotFound

CANDIDATES = 6
"""How many crews are kept per window, for when the best is taken meanwhile."""
MOST_AGE_SECONDS = 0.5
"""Windows shown may be as old as this, so that nobody who looks waits for what has changed to be
read; a hold goes by the same first, and then asks the database."""
WORKING_AGE_SECONDS = 60.0

WAITED_FOR = (ReservationStatus.NEEDED, ReservationStatus.SHORT, ReservationStatus.RESERVED)
DAY = timedelta(days=1)

# Built once: to put it together for each question took a millisecond. A row for each time of the
# week of which the territory has learned.
WANTED = (
    select(
        Visit,
        WorkOrder,
        Site,
        ArrivalErrors,
        Customer.preferred_technician_id.label("liked"),
        Territory.emergency_reserve_pct.label("reserve_pct"),
        exists().where(Pin.visit_id == Visit.id).label("has_pins"),
        exists()
        .where(Booking.visit_id == Visit.id, Booking.status == BookingStatus.CONFIRMED)
        .label("is_booked"),
        exists()
        .where(
            PartReservation.work_order_id == WorkOrder.id, PartReservation.status.in_(WAITED_FOR)
        )
        .label("has_parts"),
        func.app_now().label("now"),
    )
    .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
    .join(Site, Site.id == Visit.site_id)
    .join(Customer, Customer.id == Visit.customer_id)
    .outerjoin(Territory, Territory.id == Visit.territory_id)
    .outerjoin(
        ArrivalErrors,
        and_(ArrivalErrors.territory_id == Territory.id, ArrivalErrors.position == Position.ANY),
    )
    .where(Visit.id == bindparam("visit_id"))
)


def ask(session: Session, visit_id: UUID) -> Wanted:
    """The visit with all that decides about its windows. Raises NotFound."""
    rows = session.execute(WANTED, {"visit_id": visit_id}).all()
    if not rows:
        raise NotFound("visit", visit_id)
    row = rows[0]
    visit, now = row.Visit, row.now.astimezone(UTC)
    needs = Needs()
    if row.has_parts or visit.tools:
        needs = _needs(session, visit, row.Site.time_zone, now)
    return Wanted(
        visit=visit,
        order=row.WorkOrder,
        site=row.Site,
        pins=pins_of(session, visit_id) if row.has_pins else (),
        liked=row.liked,
        reserve_pct=row.reserve_pct or 0,
        promises=Promises.of(r.ArrivalErrors for r in rows if r.ArrivalErrors is not None),
        is_booked=row.is_booked,
        needs=needs,
        now=now,
    )


def _needs(session: Session, visit: Visit, time_zone: str, now: datetime) -> Needs:
    """A part that no place has comes so many days after it was missed as it takes to get it, and
    not before tomorrow."""
    rows = session.execute(
        select(PartReservation.created_at, PartReservation.status, Part.lead_days, Stock)
        .join(Part, Part.id == PartReservation.part_id)
        .outerjoin(Stock, Stock.id == PartReservation.stock_id)
        .where(
            PartReservation.work_order_id == visit.work_order_id,
            PartReservation.status.in_(WAITED_FOR),
        )
    ).all()
    zone = ZoneInfo(time_zone)
    vans, ready_at = set[UUID](), None
    for row in rows:
        if row.Stock is not None:
            vans |= {row.Stock.technician_id} - {None}
            continue
        day = (row.created_at + row.lead_days * DAY).astimezone(zone).date()
        tomorrow = now.astimezone(zone).date() + DAY
        there, _ = day_bounds(max(day, tomorrow), time_zone)
        ready_at = there if ready_at is None else max(ready_at, there)
    carriers = frozenset(vans if len(vans) == 1 else ()) if vans else None
    able = _able_to_bring(session, visit)
    if able is not None:
        carriers = able if carriers is None else carriers & able
    return Needs(ready_at, carriers)


def _able_to_bring(session: Session, visit: Visit) -> frozenset[UUID] | None:
    """Who has on board the tools that no depot of the territory has; None when none is wanted."""
    depots = list_depots_of(session, None if visit.territory_id is None else [visit.territory_id])
    tools = set(visit.tools or ()).difference(*(depot.tools for depot in depots))
    if not tools:
        return None
    found = select(Technician.id).where(Technician.tools.contains(sorted(tools)))
    return frozenset(session.scalars(found))


def windows(session: Session, visit_id: UUID, start: date | None, days: int) -> list[Window]:
    """The windows from a local day of the site on (None: today) that can be kept as things stand,
    by time."""
    return windows_of(session, ask(session, visit_id), start, days)


def windows_of(
    session: Session,
    wanted: Wanted,
    start: date | None,
    days: int,
    *,
    most_age_seconds: float = 0.0,
) -> list[Window]:
    """`windows` as things stood so long ago at most."""
    zone = wanted.site.time_zone
    first = start or wanted.now.astimezone(ZoneInfo(zone)).date()
    offered = spans(first, days, zone, wanted.now, wanted.promises.usual.hours)
    if not offered or not wanted.may_be_booked:
        return []
    view = _view(session, wanted, offered[-1].end, most_age_seconds)
    return graded(wanted.windows(view, offered, most=1), wanted.preferred)


def find_window(
    session: Session,
    wanted: Wanted,
    start: datetime,
    end: datetime,
    *,
    most_age_seconds: float = 0.0,
) -> Window | None:
    """Exactly this window, if it exists and could be kept so long ago at most, with several crews
    to choose from."""
    zone = wanted.site.time_zone
    day, span = start.astimezone(ZoneInfo(zone)).date(), Span(start, end)
    if span not in spans(day, 1, zone, wanted.now, wanted.promises.usual.hours):
        return None
    view = _view(session, wanted, end, most_age_seconds)
    found = wanted.windows(view, [span], CANDIDATES)
    return found[0] if found else None


def leaves_reserve(session: Session, wanted: Wanted, window: Window) -> bool:
    """Whether the window takes nothing of what its day keeps back, by what is committed now of
    the day's work, and by who works then as it was known `WORKING_AGE_SECONDS` ago at most.

    Whoever else asks this of the day waits until the end of this transaction: it is asked last.
    """
    if not wanted.has_reserve:
        return True
    view = _view(session, wanted, window.end, WORKING_AGE_SECONDS)
    zone = wanted.site.time_zone
    day = window.start.astimezone(ZoneInfo(zone)).date()
    key = f"firstfix.reserve {wanted.visit.territory_id} {day}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))
    span = day_bounds(day, zone)
    used = busy_seconds(session, view.calendars, *span, besides=wanted.visit.id)
    return wanted.leaves_room(view, window.start, used)


def find_candidate(
    session: Session, wanted: Wanted, window: Window, technician_ids: Sequence[UUID]
) -> Candidate | None:
    """How this crew, locked, could keep the window by what the database says now."""
    now, visit = wanted.now, wanted.visit
    span = Stretch(window.start, window.end)
    view = keeper.view_of(session, visit.territory_id, technician_ids, span, now)
    asked = [Span(window.start, window.end)]
    [found] = wanted.candidates(view.without(visit.id), asked, most=1)
    return found[0] if found else None


def can_be_served(session: Session, visit_id: UUID, by: datetime) -> bool:
    """Whether our own people could start the visit before `by`, nothing else moved."""
    wanted = ask(session, visit_id)
    if by <= wanted.now + LEAD + SURE:
        return False
    [found] = wanted.candidates(_view(session, wanted, by), [Span(wanted.now, by)], most=1)
    return bool(found)


def _view(session: Session, wanted: Wanted, end: datetime, most_age_seconds: float = 0.0) -> View:
    """The schedule around the visit, whose own present place is free for itself."""
    territory_id, now = wanted.visit.territory_id, wanted.now
    kept = keeper.view(session, territory_id, now, end, most_age_seconds=most_age_seconds)
    return kept.without(wanted.visit.id)
