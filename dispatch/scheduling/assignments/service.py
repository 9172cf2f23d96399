"""The only writer of assignments: locking in the one order, occupying time, releasing it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from dispatch.events import SlotReleased, VisitAssigned, VisitUnassigned
from dispatch.scheduling.assignments import queries
from dispatch.scheduling.assignments.lifecycle import (
    ALLOWED_BY_VISIT,
    ASSIGNMENT,
    RELEASABLE,
    STATE_BY_VISIT,
    AssignmentSource,
    AssignmentStatus,
)
from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import among_given, locked
from kernel.errors import Conflict, Stale
from kernel.events import publish

EXCLUSION_VIOLATED, UNIQUE_VIOLATED = "23P01", "23505"

# Built once: every change of the schedule runs it.
EXPIRE = (
    update(Assignment)
    .where(Assignment.status == AssignmentStatus.HELD, Assignment.expires_at <= text("app_now()"))
    .values(
        status=AssignmentStatus.EXPIRED,
        ended_reason="hold_expired",
        version=Assignment.version + 1,
    )
    .returning(Assignment.id)
    .execution_options(synchronize_session=False)
)
EXPIRE_OF = EXPIRE.where(among_given(Assignment.technician_id, "technician_ids"))


@dataclass(frozen=True)
class Schedule:
    """Rows locked in the one order, with the occupying assignments of the visits."""

    technicians: dict[UUID, Technician]
    visits: dict[UUID, Visit]
    assignments: dict[UUID, list[Assignment]]

    def of(self, visit_id: UUID) -> list[Assignment]:
        return self.assignments.get(visit_id, [])


@dataclass(frozen=True)
class Seat:
    """One technician to be put into a visit, busy from `busy_from` to `ends_at`."""

    technician: Technician
    starts_at: datetime
    ends_at: datetime
    travel_seconds: int
    busy_from: datetime
    cost_cents: int
    travel_estimated: bool = False
    depot_id: UUID | None = None


@dataclass(frozen=True)
class Placing:
    """How and by whose decision a crew is put in."""

    source: AssignmentSource
    status: AssignmentStatus = AssignmentStatus.CONFIRMED
    expires_at: datetime | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    plan_id: UUID | None = None
    overlap_reason: str | None = None
    overlap_until: datetime | None = None
    pay_cents: int = 0

    @property
    def is_forced(self) -> bool:
        return self.overlap_reason is not None

    @property
    def may_cut_travel(self) -> bool:
        """Only a dispatcher may decide that a trip will do with less time."""
        return self.source is AssignmentSource.DISPATCHER


def lock_schedule(
    session: Session, visit_ids: Collection[UUID], technician_ids: Iterable[UUID] = ()
) -> Schedule:
    """Lock the technicians named and those who hold the visits, then the visits.

    Expired holds of these technicians are released first. Raises Conflict `visit_changed` when
    somebody else got a seat of a visit meanwhile: his row cannot be locked any more in order.
    """
    wanted = queries.holders_of(session, visit_ids) | set(technician_ids)
    technicians = locked(session, Technician, wanted)
    visits = locked(session, Visit, visit_ids)
    release_expired(session, wanted)
    seats = queries.seats_of(session, visit_ids)
    if not {row.technician_id for row, _ in seats} <= wanted:
        raise Conflict("Somebody changed this visit at the same moment.", code="visit_changed")
    return Schedule(
        {technician.id: technician for technician in technicians},
        {visit.id: visit for visit in visits},
        queries.by_visit(row for row, takes_time in seats if takes_time),
    )


def ensure_seen(visit: Visit, expected_version: int | None) -> None:
    """Raise Stale when the caller saw another version of the visit; None means he did not say."""
    if expected_version is not None and visit.version != expected_version:
        raise Stale(
            "Somebody else changed this meanwhile. Look at it again.",
            seen=expected_version,
            present=visit.version,
        )


def release_expired(session: Session, technician_ids: Collection[UUID]) -> int:
    """Release the holds of these technicians that have run out; gives how many."""
    if not technician_ids:
        return 0
    return len(session.scalars(EXPIRE_OF, {"technician_ids": list(technician_ids)}).all())


def sweep_expired(session: Session, most: int = 500) -> int:
    """Release every hold that has run out, apart from those that somebody is deciding now."""
    due = session.scalars(
        select(Assignment.id)
        .where(
            Assignment.status == AssignmentStatus.HELD,
            Assignment.expires_at <= queries.APP_NOW,
        )
        .limit(most)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return len(session.scalars(EXPIRE.where(Assignment.id.in_(list(due)))).all())


def occupy(
    session: Session, visit: Visit, seats: Sequence[Seat], placing: Placing
) -> list[Assignment]:
    """Put a whole crew into the seats of a visit; the technicians are locked.

    Raises Conflict `technician_busy` or `visit_taken` when a constraint of the table says no.
    """
    rows = [
        Assignment(
            visit_id=visit.id,
            seat=number,
            technician_id=seat.technician.id,
            status=placing.status,
            starts_at=seat.starts_at,
            ends_at=seat.ends_at,
            travel_seconds=seat.travel_seconds,
            travel_estimated=seat.travel_estimated,
            depot_id=seat.depot_id,
            busy=Range(seat.busy_from, seat.ends_at, bounds="[)"),
            expires_at=placing.expires_at,
            window_start=placing.window_start,
            window_end=placing.window_end,
            source=placing.source,
            plan_id=placing.plan_id,
            overlap_reason=placing.overlap_reason,
            overlap_until=placing.overlap_until,
            cost_cents=seat.cost_cents,
        )
        for number, seat in enumerate(seats, start=1)
    ]
    session.add_all(rows)
    with refusals_told():
        session.flush()
    if placing.status is not AssignmentStatus.HELD:
        for row in rows:
            tell_assigned(session, visit, row)
    return rows


def tell_assigned(session: Session, visit: Visit, row: Assignment) -> None:
    publish(
        session,
        VisitAssigned(
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
            technician_id=row.technician_id,
            visit_id=visit.id,
            assignment_id=row.id,
            source=row.source,
        ),
    )


@contextmanager
def refusals_told() -> Iterator[None]:
    """Turn a refusal by the constraints of the table into a Conflict; never retried."""
    try:
        yield
    except IntegrityError as error:
        state = getattr(error.orig, "sqlstate", None)
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "") or ""
        if state == EXCLUSION_VIOLATED and constraint.startswith("ex_assignments_"):
            raise Conflict("This technician is busy then.", code="technician_busy") from error
        if state == UNIQUE_VIOLATED and constraint.startswith("uq_assignments_"):
            raise Conflict("Somebody is assigned already.", code="visit_taken") from error
        raise


def release(
    session: Session,
    visit: Visit,
    rows: Iterable[Assignment],
    *,
    ended: AssignmentStatus = AssignmentStatus.REMOVED,
    reason: str | None = None,
) -> None:
    """End assignments of a visit whose technicians are locked; its seats are free at once."""
    for row in rows:
        was_held = row.status is AssignmentStatus.HELD
        ASSIGNMENT.check(row.status, ended)
        row.status, row.ended_reason = ended, reason
        if was_held:
            publish(
                session,
                SlotReleased(
                    territory_id=visit.territory_id,
                    customer_id=visit.customer_id,
                    technician_id=row.technician_id,
                    visit_id=visit.id,
                ),
            )
        else:
            publish(
                session,
                VisitUnassigned(
                    territory_id=visit.territory_id,
                    customer_id=visit.customer_id,
                    technician_id=row.technician_id,
                    visit_id=visit.id,
                    reason=reason or str(ended),
                ),
            )
    session.flush()


def follow_visit(session: Session, visit: Visit, rows: Sequence[Assignment], at: datetime) -> None:
    """Bring the assignments of a visit to the state its new status asks for.

    Work that ends before its planned end gives the rest of the time back.
    """
    wanted = STATE_BY_VISIT[visit.status]
    for row in rows:
        if row.status in ALLOWED_BY_VISIT[visit.status]:
            continue
        if wanted is None:
            if row.status in RELEASABLE:
                release(session, visit, [row], reason=str(visit.status))
            continue
        ASSIGNMENT.check(row.status, wanted)
        row.status = wanted
        if wanted is AssignmentStatus.DONE:
            row.busy = _until(row.busy, at)
    session.flush()


def _until(busy: Range[datetime], at: datetime) -> Range[datetime]:
    assert busy.lower is not None
    assert busy.upper is not None
    end = min(busy.upper, max(at, busy.lower + timedelta(seconds=1)))
    return Range(busy.lower, end, bounds="[)")


def touch(visit: Visit) -> None:
    """Raise the visit's version although none of its columns changes: its seats did."""
    flag_modified(visit, "at_risk")
