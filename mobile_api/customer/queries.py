"""Reads of a customer's own visits, and the only way out for a technician's position."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from dispatch.assets.models import Asset
from dispatch.customers.models import Customer, Site
from dispatch.feedback.models import Rating
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.bookings.service import NOT_CONFIRMED
from dispatch.technicians.models import Technician, TechnicianPosition
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from iot_ingest.alerts.models import Alert
from kernel.db import get
from kernel.errors import NotFound
from kernel.geo import Point
from mobile_api.customer.lifecycle import Visitor

MOST_VISITS = 100
OWNED = (
    select(WorkOrder.id, WorkOrder.alert_id)
    .join(Visit, Visit.work_order_id == WorkOrder.id)
    .where(Visit.id == bindparam("visit_id"), Visit.customer_id == bindparam("customer_id"))
)
"""Built once: to put it together took longer than the database needs for it."""


@dataclass(frozen=True)
class OwnVisit:
    """A customer's visit with what is shown around it."""

    visit: Visit
    order: WorkOrder
    work_type: WorkType
    site: Site
    booking: Booking | None
    rating: Rating | None
    was_not_confirmed: bool
    """Its last date was to be confirmed, and was not; there is none now."""


@dataclass(frozen=True)
class PositionSeen:
    """Where the technician is who is on the way to this customer, and where the way ends."""

    at: datetime
    here: Point
    there: Point


def get_customer(session: Session, customer_id: UUID) -> Customer:
    return get(session, Customer, customer_id)


def list_sites(session: Session, customer_id: UUID) -> Sequence[Site]:
    return session.scalars(
        select(Site).where(Site.customer_id == customer_id).order_by(Site.id)
    ).all()


def list_assets(session: Session, customer_id: UUID) -> Sequence[Asset]:
    return session.scalars(
        select(Asset)
        .join(Site, Site.id == Asset.site_id)
        .where(Site.customer_id == customer_id)
        .order_by(Asset.name, Asset.id)
    ).all()


def get_asset_at(session: Session, site_id: UUID, asset_id: UUID) -> Asset:
    """The asset, or NotFound unless it stands at the site."""
    asset = session.scalar(select(Asset).where(Asset.id == asset_id, Asset.site_id == site_id))
    if asset is None:
        raise NotFound("asset", asset_id)
    return asset


def list_catalog(session: Session) -> Sequence[WorkType]:
    """The work types that customers book themselves."""
    return session.scalars(
        select(WorkType).where(WorkType.bookable).order_by(WorkType.name, WorkType.id)
    ).all()


def get_bookable(session: Session, code: str) -> WorkType:
    """The work type, or NotFound unless customers may book it."""
    found = session.scalar(select(WorkType).where(WorkType.code == code, WorkType.bookable))
    if found is None:
        raise NotFound("work_type", code)
    return found


def get_visit(session: Session, visitor: Visitor, visit_id: UUID) -> OwnVisit:
    """The visit, or NotFound unless it is the visitor's and within what the link opens."""
    found = _list(session, visitor.customer_id, Visit.id == visit_id)
    if not found or not visitor.reaches(visit_id, found[0].order.id, found[0].order.alert_id):
        raise NotFound("visit", visit_id)
    return found[0]


def require_visit(session: Session, visitor: Visitor, visit_id: UUID) -> None:
    """NotFound unless the visit is the visitor's and within what the link opens."""
    own = session.execute(OWNED, {"visit_id": visit_id, "customer_id": visitor.customer_id}).first()
    if own is None or not visitor.reaches(visit_id, own.id, own.alert_id):
        raise NotFound("visit", visit_id)


def list_visits(session: Session, customer_id: UUID) -> list[OwnVisit]:
    """The customer's visits, newest first."""
    return _list(session, customer_id, Visit.status.is_not(None))


def find_technician(session: Session, visit_id: UUID) -> Technician | None:
    """Who comes (the first of a crew), or came."""
    return session.scalar(
        select(Technician)
        .join(Assignment, Assignment.technician_id == Technician.id)
        .where(
            Assignment.visit_id == visit_id,
            Assignment.status.in_(
                (AssignmentStatus.CONFIRMED, AssignmentStatus.ACTIVE, AssignmentStatus.DONE)
            ),
        )
        .order_by(Assignment.seat)
        .limit(1)
    )


def find_position(session: Session, visitor: Visitor, visit_id: UUID) -> PositionSeen | None:
    """The technician's position, only while on duty and en route on this visit to this customer.

    No other function may give a customer a position: every condition stands in one statement,
    and a position from before the technician set off is left out.
    """
    row = session.execute(
        select(
            TechnicianPosition.at,
            TechnicianPosition.latitude,
            TechnicianPosition.longitude,
            Site.latitude,
            Site.longitude,
        )
        .join(Technician, Technician.id == TechnicianPosition.technician_id)
        .join(Assignment, Assignment.technician_id == Technician.id)
        .join(Visit, Visit.id == Assignment.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .where(
            Visit.id == visit_id,
            Visit.customer_id == visitor.customer_id,
            Visit.status == VisitStatus.EN_ROUTE,
            Assignment.status == AssignmentStatus.ACTIVE,
            Technician.on_duty,
            TechnicianPosition.at >= Visit.en_route_at,
        )
        .order_by(Assignment.seat)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    at, latitude, longitude, to_latitude, to_longitude = row
    return PositionSeen(at, Point(latitude, longitude), Point(to_latitude, to_longitude))


def get_alert(session: Session, visitor: Visitor, alert_id: UUID) -> tuple[Alert, Asset, Site]:
    """The alert, or NotFound unless it is the visitor's and within what the link opens."""
    row = session.execute(
        select(Alert, Asset, Site)
        .join(Asset, Asset.id == Alert.asset_id)
        .join(Site, Site.id == Alert.site_id)
        .where(Alert.id == alert_id, Alert.customer_id == visitor.customer_id)
    ).one_or_none()
    if row is None or not visitor.reaches(alert_id):
        raise NotFound("alert", alert_id)
    alert, asset, site = row
    return alert, asset, site


def find_visit_of_alert(session: Session, alert: Alert) -> UUID | None:
    """The latest visit of the work order that the alert opened."""
    return session.scalar(
        select(Visit.id)
        .where(Visit.work_order_id == alert.work_order_id)
        .order_by(Visit.sequence.desc())
        .limit(1)
    )


def _list(session: Session, customer_id: UUID, which: ColumnElement[bool]) -> list[OwnVisit]:
    given_up = aliased(Booking)
    rows = session.execute(
        select(Visit, WorkOrder, WorkType, Site, Booking, Rating, given_up.id.is_not(None))
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(WorkType, WorkType.id == WorkOrder.work_type_id)
        .join(Site, Site.id == Visit.site_id)
        .outerjoin(
            Booking,
            and_(Booking.visit_id == Visit.id, Booking.status != BookingStatus.CANCELLED),
        )
        .outerjoin(Rating, Rating.visit_id == Visit.id)
        .outerjoin(
            given_up,
            and_(
                given_up.visit_id == Visit.id,
                given_up.cancelled_by == NOT_CONFIRMED,
                Booking.id.is_(None),
            ),
        )
        .where(Visit.customer_id == customer_id, which)
        .order_by(Visit.id.desc(), Booking.id.nulls_first())
        .limit(MOST_VISITS)
    )
    found = {row.Visit.id: OwnVisit(*row) for row in rows}
    return list(found.values())
