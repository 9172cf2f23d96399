"""What a technician does from the phone, on the technician's own visits only."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.customers import service as customers
from dispatch.customers.service import ShownKey
from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.assignments.queries import day_bounds
from dispatch.scheduling.assignments.service import lock_schedule
from dispatch.scheduling.moves import service as moves
from dispatch.technicians import service as technicians
from dispatch.technicians.models import Technician
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import PLANNED_VISITS, VisitStatus
from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.errors import Forbidden
from kernel.geo import Point
from kernel.principal import Principal
from marketplace.back_outs import service as back_outs
from marketplace.crowd.matching import CROWD
from mobile_api.technician import queries
from mobile_api.technician.lifecycle import NextMove, is_field_move, next_moves
from mobile_api.technician.queries import Job


@dataclass(frozen=True)
class Sheet:
    """One's own visit with its buttons and the keys that open it."""

    job: Job
    moves: list[NextMove]
    keys: list[ShownKey]
    may_back_out: bool = False


@dataclass(frozen=True)
class DayPlan:
    """The agenda of one local day."""

    day: date
    time_zone: str
    now: datetime
    on_duty: bool
    sheets: list[Sheet]


def open_day(
    session: Session, viewer: Principal, technician_id: UUID, day: date | None = None
) -> DayPlan:
    """The technician's day (today unless said); showing a key is recorded."""
    technician = queries.get_technician(session, technician_id)
    zone = queries.get_territory(session, technician).time_zone
    at = now(session)
    wanted = day or at.astimezone(ZoneInfo(zone)).date()
    start, end = day_bounds(wanted, zone)
    jobs = queries.list_day(session, technician_id, start, end, at)
    sheets = [_sheet(session, viewer, technician, job, at) for job in jobs]
    return DayPlan(wanted, zone, at, technician.on_duty, sheets)


def open_visit(session: Session, viewer: Principal, technician_id: UUID, visit_id: UUID) -> Sheet:
    """One's own visit, or NotFound; showing a key is recorded."""
    job = queries.get_job(session, technician_id, visit_id)
    technician = queries.get_technician(session, technician_id)
    return _sheet(session, viewer, technician, job, now(session))


def make_move(
    session: Session,
    technician_id: UUID,
    visit_id: UUID,
    to: VisitStatus,
    *,
    reason: str | None = None,
    report: dict[str, Any] | None = None,
    verdict: str | None = None,
) -> Visit:
    """Take the next step of one's own visit.

    NotFound unless the visit is assigned to the technician; Forbidden `office_move` for moves
    that belong to the office; Conflict `illegal_move` when the visit is not there yet. A step
    that was taken already changes nothing, its report neither.
    """
    queries.get_own_visit(session, technician_id, visit_id)
    visit = lock_schedule(session, [visit_id], [technician_id]).visits[visit_id]
    queries.get_own_visit(session, technician_id, visit_id)
    if not is_field_move(visit.status, to):
        raise Forbidden("Only the office can do that.", code="office_move", to_status=str(to))
    is_new = visit.status is not to
    if is_new and (report is not None or verdict is not None):
        findings = dict(report or {})
        if verdict is not None:
            findings["verdict"] = verdict
        work_orders.edit_visit(session, visit, {"report": findings})
    return moves.move(session, visit_id, to, technician_id=technician_id, reason=reason)


def set_duty(session: Session, technician_id: UUID, *, on_duty: bool) -> Technician:
    """Switch tracking on or off; off duty no position is known of the technician."""
    return technicians.set_on_duty(session, technician_id, on_duty)


def record_position(
    session: Session,
    technician_id: UUID,
    latitude: float,
    longitude: float,
    accuracy_m: int | None = None,
) -> None:
    """Where the phone is now. Raises Conflict `off_duty`."""
    point = Point(latitude, longitude)
    technicians.record_position(session, technician_id, point, now(session), accuracy_m)


def back_out(session: Session, technician_id: UUID, visit_id: UUID, reason: str) -> None:
    """Give a visit back before setting off. Raises Conflict `under_way` or `not_a_freelancer`."""
    queries.get_own_visit(session, technician_id, visit_id)
    back_outs.back_out(session, visit_id, technician_id, reason)


def _sheet(
    session: Session, viewer: Principal, technician: Technician, job: Job, at: datetime
) -> Sheet:
    keys = customers.view_keys(session, job.site.id, viewer) if job.is_open_to_technician else []
    may_back_out = (
        technician.employment in CROWD
        and job.is_open_to_technician
        and job.visit.status in PLANNED_VISITS
    )
    return Sheet(job, _moves_of(job, technician, at), keys, may_back_out)


def _moves_of(job: Job, technician: Technician, at: datetime) -> list[NextMove]:
    asked_to_accept = (
        technician.employment in CROWD and job.assignment.source is not AssignmentSource.OFFER
    )
    visit = job.visit
    stamps = (visit.en_route_at, visit.on_site_at, visit.started_at, visit.finished_at)
    last = max((stamp for stamp in stamps if stamp is not None), default=None)
    return next_moves(visit.status, asked_to_accept=asked_to_accept, last_move_at=last, now=at)
