"""Telling customers what happens to their visit, once and only while it is true."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.customers.queries import get_customer, get_site
from dispatch.messaging import queries
from dispatch.messaging.links import signed_link
from dispatch.messaging.models import Message
from dispatch.messaging.notices.wording import moment_words, window_words
from dispatch.messaging.service import send
from dispatch.scheduling.assignments.queries import assignment_of
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.queries import find_latest
from dispatch.technicians.queries import get_technician
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import get_visit, get_work_order, get_work_type

CONFIRMED, CANCELLED = BookingStatus.CONFIRMED, BookingStatus.CANCELLED
ON_THE_DAY = timedelta(hours=1)
SOMEBODY = {"en": "Our technician", "de": "Unser Techniker"}


def tell_of_booking(session: Session, visit_id: UUID, template: str) -> Message | None:
    """Confirmed or rescheduled; nothing when the booking has ended meanwhile."""
    visit = get_visit(session, visit_id)
    booking = find_latest(session, visit_id)
    if booking is None or booking.status is not CONFIRMED or booking.confirm_by is not None:
        return None
    site = get_site(session, visit.site_id)
    locale = get_customer(session, visit.customer_id).locale
    window = window_words(booking.arrival_start, booking.arrival_end, site.time_zone, locale)
    return _tell(session, visit, template, {"window": window})


def tell_of_date(session: Session, visit_id: UUID, template: str) -> Message | None:
    """A date is to be confirmed, or was not; nothing when that is over meanwhile."""
    visit = get_visit(session, visit_id)
    booking = find_latest(session, visit_id)
    wanted = CONFIRMED if template == "date_to_confirm" else CANCELLED
    if booking is None or booking.status is not wanted or booking.confirm_by is None:
        return None
    site = get_site(session, visit.site_id)
    locale = get_customer(session, visit.customer_id).locale
    window = window_words(booking.arrival_start, booking.arrival_end, site.time_zone, locale)
    until = moment_words(booking.confirm_by, site.time_zone, locale)
    return _tell(session, visit, template, {"window": window, "confirm_by": until})


def tell_of_cancellation(session: Session, visit_id: UUID) -> Message | None:
    """Nothing when the visit has been booked again meanwhile."""
    booking = find_latest(session, visit_id)
    if booking is None or booking.status is not CANCELLED:
        return None
    return _tell(session, get_visit(session, visit_id), "booking_cancelled", {})


WORTH_TELLING = frozenset({VisitStatus.EN_ROUTE, VisitStatus.ON_SITE, VisitStatus.COMPLETED})


def tell_of_move(session: Session, visit_id: UUID, to: VisitStatus) -> Message | None:
    """En route and arrived, as long as that is still so, and the invitation to rate."""
    visit = get_visit(session, visit_id)
    if visit.status is not to:
        return None
    match to:
        case VisitStatus.EN_ROUTE:
            return _tell_on_the_day(session, visit, "technician_en_route")
        case VisitStatus.ON_SITE:
            return _tell_on_the_day(session, visit, "technician_arrived")
        case VisitStatus.COMPLETED if not queries.has_message(session, visit_id, "rate_visit"):
            return _tell(session, visit, "rate_visit", {})
        case _:
            return None


def tell_of_no_access(session: Session, visit_id: UUID, follow_up_visit_id: UUID | None) -> Message:
    """The link leads to the follow-up, for which a new time can be chosen at once."""
    visit = get_visit(session, visit_id)
    opens = get_visit(session, follow_up_visit_id) if follow_up_visit_id else visit
    return _tell(session, visit, "no_access", {}, opens=opens)


def _tell_on_the_day(session: Session, visit: Visit, template: str) -> Message:
    assignment = assignment_of(session, visit.id)
    if assignment is None:
        locale = get_customer(session, visit.customer_id).locale
        name = SOMEBODY["de" if locale.startswith("de") else "en"]
    else:
        name = get_technician(session, assignment.technician_id).name
    return _tell(session, visit, template, {"technician": name}, expires_in=ON_THE_DAY)


def _tell(
    session: Session,
    visit: Visit,
    template: str,
    values: Mapping[str, object],
    *,
    opens: Visit | None = None,
    expires_in: timedelta | None = None,
) -> Message:
    order = get_work_order(session, visit.work_order_id)
    work = get_work_type(session, order.work_type_id).name
    address = get_site(session, visit.site_id).address
    return send(
        session,
        template=template,
        customer_id=visit.customer_id,
        values={"work": work, "address": address, **values},
        link=signed_link("visits", (opens or visit).id, visit.customer_id),
        about={"visit_id": visit.id, "work_order_id": visit.work_order_id},
        expires_in=expires_in,
    )
