"""Puts a customer's records into the shape of the pages."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.scheduling.slots.grid import Grade, Merit, Window
from dispatch.scheduling.tentative.dates import TentativeWindow
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import WorkType
from mobile_api.customer.lifecycle import INTRODUCED, visit_moves
from mobile_api.customer.queries import OwnVisit, PositionSeen
from mobile_api.customer.schemas import (
    AlertShown,
    AlertWindow,
    CatalogEntry,
    EtaShown,
    PositionShown,
    SiteMine,
    Track,
    VisitMine,
    VisitMovesShown,
    WhoComes,
    WindowShown,
    WorkRequest,
)
from mobile_api.customer.service import AlertPage, NewSite, eta, question_key


def visit_mine(own: OwnVisit) -> VisitMine:
    """One visit in the list."""
    visit, booking = own.visit, own.booking
    moves = visit_moves(
        visit.status, is_booked=booking is not None, is_rated=own.rating is not None
    )
    return VisitMine(
        id=visit.id,
        work_order_id=own.order.id,
        work_order_number=own.order.number,
        work_type=own.work_type.name,
        title=own.order.title,
        description=own.order.description,
        status=visit.status,
        incomplete_reason=visit.incomplete_reason,
        site=SiteMine.model_validate(own.site),
        arrival_start=booking.arrival_start if booking else None,
        arrival_end=booking.arrival_end if booking else None,
        confirm_by=booking.confirm_by if booking else None,
        was_not_confirmed=own.was_not_confirmed,
        finished_at=visit.finished_at,
        at_risk=visit.at_risk,
        csat=own.rating.csat if own.rating else None,
        moves=VisitMovesShown.model_validate(asdict(moves)),
    )


def track(
    own: OwnVisit, technician: Technician | None, seen: PositionSeen | None, now: datetime
) -> Track:
    """The page on which the customer follows a visit."""
    introduced = technician is not None and own.visit.status in INTRODUCED
    return Track(
        **visit_mine(own).model_dump(),
        technician=WhoComes(name=technician.name) if technician and introduced else None,
        position=(
            PositionShown(at=seen.at, latitude=seen.here.latitude, longitude=seen.here.longitude)
            if seen
            else None
        ),
        eta=EtaShown.model_validate(asdict(eta(seen))) if seen else None,
        now=now,
    )


def place_wanted(wanted: WorkRequest) -> UUID | NewSite:
    """The known site, or the new one; the request has exactly one of them."""
    if wanted.site_id is not None:
        return wanted.site_id
    assert wanted.site is not None
    return NewSite(**wanted.site.model_dump())


def catalog_entry(kind: WorkType) -> CatalogEntry:
    """Bookable work; each question carries the key that its answer needs."""
    return CatalogEntry(
        code=kind.code,
        name=kind.name,
        expected_minutes=kind.expected_minutes,
        price_cents=kind.price_cents,
        currency=kind.currency,
        questions=[{**question, "id": question_key(question)} for question in kind.questions],
    )


def alert_shown(page: AlertPage) -> AlertShown:
    """The proactive page."""
    alert = page.alert
    predicted = alert.predicted_minutes
    return AlertShown(
        id=alert.id,
        status=alert.status,
        severity=alert.severity,
        danger=alert.danger,
        fault_class=alert.fault_class,
        asset_name=page.asset_name,
        asset_model=page.asset_model,
        address=page.address,
        time_zone=page.time_zone,
        opened_at=alert.opened_at,
        predicted_at=(
            alert.opened_at + timedelta(minutes=predicted) if predicted is not None else None
        ),
        words=page.words,
        choices=page.choices,
        windows=[AlertWindow(start=start, end=end) for start, end in page.windows],
        answer=alert.answer,
        answer_due_at=alert.answer_due_at,
        visit_id=page.visit_id,
        workaround=page.workaround,
    )


def window_shown(window: Window) -> WindowShown:
    """Without what is good for us alone."""
    return WindowShown(
        start=window.start,
        end=window.end,
        grade=window.grade,
        reasons=[str(reason) for reason in window.reasons if reason is not Merit.CHEAPEST],
        co2_grams=window.co2_grams,
    )


def tentative_shown(window: TentativeWindow) -> WindowShown:
    """How likely it is stays with the office: the customer is told by when it is sure."""
    return WindowShown(
        start=window.start,
        end=window.end,
        grade=Grade.OK,
        reasons=[],
        co2_grams=0,
        confirm_by=window.confirm_by,
    )
