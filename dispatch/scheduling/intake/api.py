"""Windows and bookings of one visit, for the office on the phone."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.intake.schemas import (
    BookingOut,
    CancelIn,
    HoldOut,
    TentativeOut,
    WindowIn,
    WindowOut,
)
from dispatch.scheduling.slots import service
from dispatch.scheduling.slots.grid import MOST_DAYS, Window
from dispatch.scheduling.slots.queries import windows
from dispatch.scheduling.tentative import service as tentative
from dispatch.scheduling.tentative.dates import TentativeWindow
from dispatch.scheduling.tentative.queries import tentative_of
from kernel.http import Router, Session
from kernel.shapes import Day

router = Router(prefix="/api/visits/{visit_id}", tags=["booking"])


@router.get("/windows", response_model=list[WindowOut])
def list_windows(
    session: Session,
    _: Office,
    visit_id: UUID,
    start: Annotated[Day | None, Query(alias="from")] = None,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 5,
) -> list[Window]:
    """Windows that can be kept, from a local day of the site on (today)."""
    return windows(session, visit_id, start, days)


@router.get("/tentative-windows", response_model=list[TentativeOut])
def list_tentative(
    session: Session,
    _: Office,
    visit_id: UUID,
    start: Annotated[Day | None, Query(alias="from")] = None,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 5,
) -> list[TentativeWindow]:
    """Windows that would be confirmed by a time, on days on which none of our own people has
    time."""
    return tentative_of(session, visit_id, start, days)


@router.post("/ask-for-date", response_model=BookingOut)
def ask_for_date(session: Session, _: Office, visit_id: UUID, wanted: WindowIn) -> Booking:
    """Promise that the customer knows by `confirm_by` whether somebody comes."""
    return tentative.ask_for_date(session, visit_id, wanted.window_start, wanted.window_end)


@router.post("/hold", status_code=201)
def hold(session: Session, _: Office, visit_id: UUID, wanted: WindowIn) -> HoldOut:
    """Keep a window for ten minutes; another hold of the visit gives way."""
    return _hold(service.hold_slot(session, visit_id, wanted.window_start, wanted.window_end))


@router.post("/confirm", response_model=BookingOut)
def confirm(session: Session, _: Office, visit_id: UUID) -> Booking:
    """Promise the window that is held; 409 `hold_expired` when the time is over."""
    return service.confirm_hold(session, visit_id)


@router.post("/reschedule", response_model=BookingOut)
def reschedule(session: Session, _: Office, visit_id: UUID, wanted: WindowIn) -> Booking:
    """Promise another window; the booking and its history stay."""
    return service.reschedule(session, visit_id, wanted.window_start, wanted.window_end)


@router.post("/cancel-booking", response_model=BookingOut)
def cancel(session: Session, _: Office, visit_id: UUID, wanted: CancelIn | None = None) -> Booking:
    """Give up the promise and the visit with it."""
    return service.cancel_booking(session, visit_id, (wanted or CancelIn()).reason)


def _hold(rows: list[Assignment]) -> HoldOut:
    first: Any = rows[0]
    return HoldOut(
        visit_id=first.visit_id,
        technician_ids=[row.technician_id for row in rows],
        window_start=first.window_start,
        window_end=first.window_end,
        starts_at=first.starts_at,
        expires_at=first.expires_at,
    )
