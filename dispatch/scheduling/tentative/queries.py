"""Reads which dates could be told as "to be confirmed", and which wait for it."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.crowd_shares.queries import days_used_up
from dispatch.scheduling.policies.lifecycle import CrowdOrder
from dispatch.scheduling.slots.grid import HOURS, Span, Window, spans
from dispatch.scheduling.slots.queries import ask, windows_of
from dispatch.scheduling.slots.wanted import Wanted
from dispatch.scheduling.snapshots import keeper
from dispatch.scheduling.tentative.dates import TentativeWindow, known_by, likely, open_days
from dispatch.scheduling.tentative.ports import crowd_chances
from dispatch.work_orders.lifecycle import PLANNED_VISITS, RUNNING_VISITS
from dispatch.work_orders.models import Visit


def tentative_of(
    session: Session, visit_id: UUID, start: date | None, days: int
) -> list[TentativeWindow]:
    """Beside the windows that can be kept as things stand, those to be confirmed."""
    wanted = ask(session, visit_id)
    return tentative_windows(session, wanted, start, days, windows_of(session, wanted, start, days))


def tentative_windows(
    session: Session,
    wanted: Wanted,
    start: date | None,
    days: int,
    firm: Collection[Window],
    *,
    most_age_seconds: float = 0.0,
) -> list[TentativeWindow]:
    """Windows to be confirmed, from a local day on (None: today), beside the `firm` ones as far as
    the policy's order of freelancers, as it was so long ago at most, lets them; none on days on
    which their share is used up."""
    visit, zone = wanted.visit, ZoneInfo(wanted.site.time_zone)
    at = wanted.now
    first = start or at.astimezone(zone).date()
    offered = spans(first, days, wanted.site.time_zone, at, HOURS)
    starts = [window.start for window in firm]
    if not wanted.may_be_planned or not open_days(offered, starts, zone, CrowdOrder.FASTEST):
        return []
    known = keeper.policies(
        session, visit.territory_id, at, offered[-1].end, most_age_seconds=most_age_seconds
    )
    rules = known.of(visit.territory_id)
    if rules.confirm_minutes is None or visit.crew_size > 1:
        return []
    free = open_days(offered, starts, zone, rules.crowd)
    within = timedelta(minutes=rules.confirm_minutes)
    notice = timedelta(minutes=rules.confirm_notice_minutes)
    asked = []
    for span in free:
        told = known_by(span.start, at, zone, within=within, notice=notice)
        if told is not None:
            asked.append((span, told))
    if not asked:
        return []
    full = days_used_up(session, visit, sorted({_day(span, zone) for span, _ in asked}))
    asked = [(span, told) for span, told in asked if _day(span, zone) not in full]
    if not asked:
        return []
    possible, times = [span for span, _ in asked], [told for _, told in asked]
    pairs = [(span.start, span.end) for span in possible]
    chances = crowd_chances()(session, visit, pairs, times)
    return likely(possible, times, chances, rules.confirm_pct)


def _day(span: Span, zone: ZoneInfo) -> date:
    return span.start.astimezone(zone).date()


def list_settled(session: Session, limit: int = 500) -> list[UUID]:
    """Visits with a date to be confirmed that have somebody now, or whose time has come."""
    return list(
        session.scalars(
            select(Booking.visit_id)
            .join(Visit, Visit.id == Booking.visit_id)
            .where(
                Booking.status == BookingStatus.CONFIRMED,
                Booking.confirm_by.is_not(None),
                Visit.status.in_(PLANNED_VISITS | RUNNING_VISITS)
                | (Booking.confirm_by <= select(func.app_now()).scalar_subquery()),
            )
            .order_by(Booking.visit_id)
            .limit(limit)
        )
    )
