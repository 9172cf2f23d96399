"""Reading rotas, duties and call-outs."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, selectinload

from dispatch.on_call.duty import Duty, Rotation, Taken, duties, ranked
from dispatch.on_call.lifecycle import CallOutStatus, ChangeStatus
from dispatch.on_call.models import CallOut, DutyChange, Rota
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Shift, Technician
from dispatch.technicians.queries import list_absences, list_technicians_by_id
from dispatch.work_orders.models import Visit
from kernel.errors import NotFound

INSTANT = timedelta(seconds=1)


def get_rota(session: Session, rota_id: UUID) -> Rota:
    """With its members."""
    rota = session.scalar(
        select(Rota)
        .where(Rota.id == rota_id)
        .options(selectinload(Rota.members))
        .execution_options(populate_existing=True)
    )
    if rota is None:
        raise NotFound("rota", rota_id)
    return rota


def list_rotas(session: Session, territory_id: UUID | None = None) -> Sequence[Rota]:
    statement = select(Rota).where(Rota.active).order_by(Rota.name)
    if territory_id is not None:
        statement = statement.where(Rota.territory_id == territory_id)
    return session.scalars(statement.options(selectinload(Rota.members))).all()


def rotation_of(rota: Rota) -> Rotation:
    return Rotation(
        members=tuple(member.technician_id for member in rota.members),
        zone=ZoneInfo(rota.time_zone),
        starts_on=rota.starts_on,
        minute=rota.hand_over_minute,
        weekday=rota.weekday,
    )


def duties_of(session: Session, rota: Rota, start: datetime, end: datetime) -> list[Duty]:
    """Who has duty in `[start, end)`; who is away is passed over."""
    changes, away = _exceptions(session, rota, start, end)
    return duties(rotation_of(rota), changes, away, start, end)


def on_call_at(session: Session, rota: Rota, at: datetime) -> list[UUID]:
    """Who is on call, and who follows if that person does not answer."""
    changes, away = _exceptions(session, rota, at, at + INSTANT)
    return ranked(rotation_of(rota), changes, away, at)


def _exceptions(
    session: Session, rota: Rota, start: datetime, end: datetime
) -> tuple[list[Taken], list[Taken]]:
    changes = session.scalars(
        select(DutyChange)
        .where(
            DutyChange.rota_id == rota.id,
            DutyChange.status == ChangeStatus.ACCEPTED,
            DutyChange.starts_at < end,
            DutyChange.ends_at > start,
        )
        .order_by(DutyChange.updated_at, DutyChange.id)
    ).all()
    people = {member.technician_id for member in rota.members}
    people |= {change.technician_id for change in changes}
    away = [
        Taken(a.technician_id, a.starts_at, a.ends_at)
        for a in list_absences(session, people, start, end)
    ]
    active = {
        key
        for key, person in list_technicians_by_id(session, people).items()
        if person.active and person.suspended_at is None
    }
    away += [Taken(key, start, end) for key in people - active]
    return [Taken(c.technician_id, c.starts_at, c.ends_at) for c in changes], away


def swaps_asked_of(session: Session, technician_id: UUID, now: datetime) -> Sequence[DutyChange]:
    return session.scalars(
        select(DutyChange)
        .where(
            DutyChange.technician_id == technician_id,
            DutyChange.status == ChangeStatus.ASKED,
            DutyChange.ends_at > now,
        )
        .order_by(DutyChange.starts_at)
    ).all()


def call_outs_of(
    session: Session,
    *,
    visit_ids: Collection[UUID] | None = None,
    technician_id: UUID | None = None,
    status: CallOutStatus | None = None,
) -> Sequence[CallOut]:
    statement = select(CallOut).order_by(CallOut.id)
    if visit_ids is not None:
        statement = statement.where(CallOut.visit_id.in_(visit_ids))
    if technician_id is not None:
        statement = statement.where(CallOut.technician_id == technician_id)
    if status is not None:
        statement = statement.where(CallOut.status == status)
    return session.scalars(statement).all()


def rota_for(session: Session, visit: Visit) -> Rota | None:
    """The rota of the visit's territory whose skills are enough; a special one before a general
    one."""
    if visit.territory_id is None:
        return None
    wanted = {str(need["skill"]) for need in visit.skills}
    fitting = [
        rota
        for rota in list_rotas(session, visit.territory_id)
        if not rota.skills or wanted <= set(rota.skills)
    ]
    return min(fitting, key=lambda rota: (not rota.skills, len(rota.skills)), default=None)


def is_outside_hours(session: Session, territory_id: UUID, at: datetime) -> bool:
    """Nobody of ours or of a partner has a shift in the territory then."""
    in_territory = _with_shift(at).where(Technician.territory_id == territory_id)
    return not session.scalar(select(in_territory.exists()))


def with_shift(session: Session, technician_ids: Collection[UUID], at: datetime) -> set[UUID]:
    """Who of them plans count on then: ours and partners' people during their shifts."""
    return set(session.scalars(_with_shift(at).where(Technician.id.in_(technician_ids))))


def _with_shift(at: datetime) -> Select[UUID]:
    has_shift = exists().where(
        Shift.technician_id == Technician.id, Shift.starts_at <= at, Shift.ends_at > at
    )
    return select(Technician.id).where(
        has_shift,
        Technician.active,
        Technician.suspended_at.is_(None),
        Technician.employment != Employment.FREELANCE,
    )


def is_first_call(session: Session, visit: Visit, at: datetime) -> bool:
    """Somebody is on call for it outside their own shift, and nobody was asked yet."""
    rota = rota_for(session, visit)
    if rota is None or call_outs_of(session, visit_ids=[visit.id]):
        return False
    on_call = on_call_at(session, rota, at)
    return not with_shift(session, on_call, at).issuperset(on_call)


def last_shift_end(session: Session, technician_id: UUID, before: datetime) -> datetime | None:
    return session.scalar(
        select(Shift.ends_at)
        .where(Shift.technician_id == technician_id, Shift.ends_at <= before)
        .order_by(Shift.ends_at.desc())
        .limit(1)
    )


def next_shift(session: Session, technician_id: UUID, after: datetime) -> Shift | None:
    return session.scalar(
        select(Shift)
        .where(Shift.technician_id == technician_id, Shift.ends_at > after)
        .order_by(Shift.starts_at)
        .limit(1)
    )


def called_out_work(
    session: Session, technician_id: UUID, since: datetime
) -> list[tuple[CallOut, Visit]]:
    """Accepted call-outs of the technician whose visits ended after `since`, in that order."""
    rows = session.execute(
        select(CallOut, Visit)
        .join(Visit, Visit.id == CallOut.visit_id)
        .where(
            CallOut.technician_id == technician_id,
            CallOut.status == CallOutStatus.ACCEPTED,
            Visit.finished_at > since,
        )
        .order_by(Visit.finished_at)
    )
    return [(call_out, visit) for call_out, visit in rows]
