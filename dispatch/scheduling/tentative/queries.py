"""Reads which dates could be told as "to be confirmed", and which wait for it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.policies.queries import policies_in_force
from dispatch.scheduling.slots.grid import HOURS, spans
from dispatch.scheduling.tentative.dates import TentativeWindow, known_by, likely, open_days
from dispatch.scheduling.tentative.ports import crowd_chances
from dispatch.work_orders.lifecycle import PLANNED_VISITS, RUNNING_VISITS
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import get_visit
from kernel.clock import now
from kernel.db import get


def tentative_windows(
    session: Session,
    visit_id: UUID,
    start: date | None,
    days: int,
    firm: Collection[datetime],
) -> list[TentativeWindow]:
    """Windows to be confirmed, on the days without a firm one; [] where the policy has none.

    `firm` are the starts of the windows that our own people can keep.
    """
    visit = get_visit(session, visit_id)
    rules = policies_in_force(session).of(visit.territory_id)
    if rules.confirm_minutes is None or visit.crew_size > 1:
        return []
    site, at = get(session, Site, visit.site_id), now(session)
    zone = ZoneInfo(site.time_zone)
    first = start or at.astimezone(zone).date()
    asked = []
    for span in open_days(spans(first, days, site.time_zone, at, HOURS), firm, zone):
        told = known_by(
            span.start,
            at,
            zone,
            within=timedelta(minutes=rules.confirm_minutes),
            notice=timedelta(minutes=rules.confirm_notice_minutes),
        )
        if told is not None:
            asked.append((span, told))
    if not asked:
        return []
    wanted, times = [span for span, _ in asked], [told for _, told in asked]
    pairs = [(span.start, span.end) for span in wanted]
    chances = crowd_chances()(session, visit, pairs, times)
    return likely(wanted, times, chances, rules.confirm_pct)


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
