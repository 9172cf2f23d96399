"""Locking what a plan may not change, and unlocking it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from dispatch.scheduling.pins import queries
from dispatch.scheduling.pins.models import Pin, PinKind
from dispatch.technicians.queries import get_technician
from dispatch.work_orders.lifecycle import OPEN_VISITS
from dispatch.work_orders.models import Visit
from kernel.db import locked
from kernel.errors import Conflict, Invalid


def pin(
    session: Session,
    visit_id: UUID,
    kind: PinKind,
    *,
    technician_id: UUID | None = None,
    day: date | None = None,
    starts_at: datetime | None = None,
    window_start: datetime | None = None,
    window_end: datetime | None = None,
    reason: str = "",
) -> Pin:
    """Fix one thing about a visit; a pin of the same kind is replaced.

    It does not move the visit; a plan that would break it is what it stops.
    """
    visit = locked(session, Visit, [visit_id])[0]
    if visit.status not in OPEN_VISITS:
        raise Conflict("This visit is over; nothing can be locked.", code="visit_over")
    if technician_id is not None:
        get_technician(session, technician_id)
    found = next((p for p in queries.pins_of(session, visit_id) if p.kind is kind), None)
    if found is None:
        found = Pin(visit_id=visit_id, kind=kind)
        session.add(found)
    found.technician_id, found.day, found.starts_at = technician_id, day, starts_at
    found.window_start, found.window_end, found.reason = window_start, window_end, reason
    _require_whole(found)
    _touch(visit)
    session.flush()
    return found


def unpin(session: Session, visit_id: UUID, kind: PinKind | None = None) -> int:
    """Take away the pin of a kind, or all; gives how many there were."""
    visit = locked(session, Visit, [visit_id])[0]
    gone = [p for p in queries.pins_of(session, visit_id) if kind is None or p.kind is kind]
    for found in gone:
        session.delete(found)
    if gone:
        _touch(visit)
    session.flush()
    return len(gone)


def _touch(visit: Visit) -> None:
    # a plan that is being solved has seen the visit without this pin: the version tells it
    flag_modified(visit, "at_risk")


def _require_whole(found: Pin) -> None:
    needed = {
        PinKind.TECHNICIAN: found.technician_id is not None,
        PinKind.DAY: found.day is not None,
        PinKind.TIME: found.starts_at is not None,
        PinKind.WINDOW: found.window_start is not None
        and found.window_end is not None
        and found.window_start < found.window_end,
    }
    if not needed[found.kind]:
        raise Invalid(f"Say which {found.kind} to lock.", code="pin_incomplete", kind=found.kind)
