"""Reading what a day was made of: facts in the order they became known, and how long work took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.backtests.known import Fact
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.problems.queries import loads_before
from dispatch.scheduling.problems.shares import Load
from dispatch.technicians.models import (
    Absence,
    Credential,
    Shift,
    ShiftBreak,
    Technician,
    TechnicianSkill,
)
from dispatch.work_orders.lifecycle import ENDED_VISITS
from dispatch.work_orders.models import Prerequisite, SlaPause, Visit
from kernel.audit import AuditEntry
from kernel.geo import Point

AHEAD = timedelta(days=3)
"""How far ahead of a day its plans look."""
DELETED = (Shift, ShiftBreak, Absence, TechnicianSkill)
CHUNK = 1_000


@dataclass(frozen=True)
class Real:
    """One assignment that was really carried out."""

    visit_id: UUID
    technician_id: UUID
    starts_at: datetime
    ends_at: datetime
    is_staff: bool
    cost_cents: int


@dataclass(frozen=True)
class History:
    """One territory and day. Facts come in order; everything else stands still over a day."""

    territory_id: UUID
    zone: str
    start: datetime
    end: datetime
    facts: list[Fact]
    sites: dict[UUID, Site]
    preferred: dict[UUID, UUID]
    loads: dict[UUID, Load]
    """What each technician had done lately when the day began."""
    real: list[Real]
    """What really happened; a plan is never shown it."""
    work: dict[UUID, timedelta]
    """How long each visit really took somebody of usual speed."""

    def place(self, site_id: UUID) -> Point:
        site = self.sites[site_id]
        return Point(site.latitude, site.longitude)


def load_history(
    session: Session, territory_id: UUID, zone: str, start: datetime, end: datetime
) -> History:
    """`[start, end)` of a territory, with what was known before."""
    people = select(Technician.id).where(Technician.territory_id == territory_id)
    visits = session.scalars(
        select(Visit).where(
            Visit.territory_id == territory_id,
            Visit.created_at < end,
            or_(Visit.status.not_in(ENDED_VISITS), Visit.updated_at >= start),
        )
    ).all()
    visit_ids = [visit.id for visit in visits]
    order_ids = [visit.work_order_id for visit in visits]
    shifts = select(Shift.id).where(
        Shift.technician_id.in_(people), Shift.starts_at < end + AHEAD, Shift.ends_at > start
    )
    rows = session.scalars(select(Assignment).where(Assignment.visit_id.in_(visit_ids))).all()
    found = [
        people,
        select(TechnicianSkill.id).where(TechnicianSkill.technician_id.in_(people)),
        select(Credential.id).where(Credential.technician_id.in_(people)),
        shifts,
        select(ShiftBreak.id).where(ShiftBreak.shift_id.in_(shifts)),
        select(Absence.id).where(
            Absence.technician_id.in_(people),
            Absence.starts_at < end + AHEAD,
            Absence.ends_at > start,
        ),
        select(Prerequisite.id).where(Prerequisite.work_order_id.in_(order_ids)),
        select(SlaPause.id).where(SlaPause.work_order_id.in_(order_ids)),
        select(Booking.id).where(Booking.visit_id.in_(visit_ids)),
        select(AuditEntry.record_id).where(
            AuditEntry.table_name.in_([model.__tablename__ for model in DELETED]),
            AuditEntry.action == "delete",
            AuditEntry.at >= start,
        ),
    ]
    ids = {key for statement in found for key in session.scalars(statement)}
    ids |= {*visit_ids, *order_ids, *(row.id for row in rows)}
    sites = session.scalars(select(Site).where(Site.id.in_({visit.site_id for visit in visits})))
    preferred = session.execute(
        select(Customer.id, Customer.preferred_technician_id).where(
            Customer.id.in_({visit.customer_id for visit in visits}),
            Customer.preferred_technician_id.is_not(None),
        )
    )
    real = _real(session, visits, rows)
    return History(
        territory_id=territory_id,
        zone=zone,
        start=start,
        end=end,
        facts=_facts(session, ids, end),
        sites={site.id: site for site in sites},
        preferred={key: technician for key, technician in preferred if technician is not None},
        loads=loads_before(session, [territory_id], start),
        real=[item for item in real if start <= item.starts_at < end],
        work=_work(session, real),
    )


def _facts(session: Session, ids: Iterable[UUID], end: datetime) -> list[Fact]:
    wanted, found = sorted(ids), list[tuple[datetime, int, Fact]]()
    for first in range(0, len(wanted), CHUNK):
        entries = session.scalars(
            select(AuditEntry).where(
                AuditEntry.record_id.in_(wanted[first : first + CHUNK]), AuditEntry.at < end
            )
        )
        found += [
            (
                entry.at,
                entry.id,
                Fact(entry.at, entry.table_name, entry.record_id, entry.action, entry.changes),
            )
            for entry in entries
        ]
    return [fact for *_, fact in sorted(found, key=lambda item: item[:2])]


def _real(session: Session, visits: Iterable[Visit], rows: Iterable[Assignment]) -> list[Real]:
    by_id = {visit.id: visit for visit in visits}
    done = [row for row in rows if row.status in (AssignmentStatus.DONE, AssignmentStatus.ACTIVE)]
    people = session.scalars(
        select(Technician).where(Technician.id.in_({row.technician_id for row in done}))
    )
    employment = {person.id: person.employment for person in people}
    found: list[Real] = []
    for row in done:
        visit = by_id[row.visit_id]
        began = visit.on_site_at or visit.started_at
        if began is None:
            continue
        found.append(
            Real(
                visit.id,
                row.technician_id,
                began,
                visit.finished_at or began + (row.ends_at - row.starts_at),
                employment[row.technician_id] != "freelance",
                row.cost_cents,
            )
        )
    return sorted(found, key=lambda item: (item.starts_at, item.visit_id))


def _work(session: Session, real: Iterable[Real]) -> dict[UUID, timedelta]:
    items = list(real)
    speeds = session.execute(
        select(Technician.id, Technician.speed_pct).where(
            Technician.id.in_({item.technician_id for item in items})
        )
    )
    speed = {row.id: row.speed_pct for row in speeds}
    return {
        item.visit_id: (item.ends_at - item.starts_at) * speed[item.technician_id] / 100
        for item in items
    }
