"""Promises a date to be confirmed, confirms it once somebody has the visit, or gives it up."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.events import VisitUnserved
from dispatch.scheduling.assignments.service import lock_schedule
from dispatch.scheduling.bookings import queries as booking_queries
from dispatch.scheduling.bookings import service as bookings
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.crowd_shares.queries import used_up
from dispatch.scheduling.staffing.service import require_assignable
from dispatch.scheduling.tentative import queries
from dispatch.scheduling.tentative.dates import TentativeWindow
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.db import get
from kernel.errors import Conflict
from kernel.events import publish


def ask_for_date(session: Session, visit_id: UUID, start: datetime, end: datetime) -> Booking:
    """Promise that the customer knows by `confirm_by` whether somebody comes in this window.

    Only windows that `tentative_windows` shows can be asked for; the crowd is asked at once. The
    same date again is fine. Raises Conflict `window_taken`, `crowd_share_used_up` or
    `already_booked`.
    """
    visit = lock_schedule(session, [visit_id]).visits[visit_id]
    known = booking_queries.find_confirmed(session, visit_id)
    if known is not None:
        if (known.arrival_start, known.arrival_end) == (start, end):
            return known
        raise Conflict("This visit is booked already.", code="already_booked")
    require_assignable(session, visit)
    share = used_up(session, {visit_id: start})
    if share is not None:
        raise Conflict(share.sentence, code="crowd_share_used_up", share=share.name)
    window = _find(session, visit, start, end)
    if window is None or visit.status is not VisitStatus.UNSCHEDULED:
        raise Conflict("This window cannot be kept any more.", code="window_taken", windows=[])
    booking = bookings.promise(session, visit, start, end, confirm_by=window.confirm_by)
    publish(
        session,
        VisitUnserved(
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
            visit_id=visit_id,
            reason="date_to_confirm",
        ),
    )
    return booking


def _find(session: Session, visit: Visit, start: datetime, end: datetime) -> TentativeWindow | None:
    zone = ZoneInfo(get(session, Site, visit.site_id).time_zone)
    day = start.astimezone(zone).date()
    shown = queries.tentative_of(session, visit.id, day, 1)
    return next((one for one in shown if (one.start, one.end) == (start, end)), None)


def settle_all(session: Session) -> int:
    """Confirm or give up every date whose time has come; gives how many."""
    return sum(settle(session, visit_id) for visit_id in queries.list_settled(session))


def settle(session: Session, visit_id: UUID) -> bool:
    """Confirm the date when somebody has the visit; give it up when its time has come; else wait.

    A visit that nobody has keeps waiting for a technician, and the customer is offered other
    dates; the dispatcher sees it at risk.
    """
    visit = lock_schedule(session, [visit_id]).visits[visit_id]
    booking = booking_queries.find_confirmed(session, visit_id)
    if booking is None or booking.confirm_by is None:
        return False
    if visit.status is not VisitStatus.UNSCHEDULED:
        bookings.confirm_date(session, visit, booking)
        return True
    if booking.confirm_by > clock.now(session):
        return False
    bookings.give_up_date(session, visit, booking)
    work_orders.mark_at_risk(session, visit)
    return True
