"""Rotas, swaps and call-outs: every change."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.customers.places import check_time_zone
from dispatch.events import CallOutAnswered, CallOutAsked, CallOutDue, CallOutUnanswered
from dispatch.on_call import queries
from dispatch.on_call.lifecycle import CALL_OUT, DUTY_CHANGE, CallOutStatus, ChangeStatus
from dispatch.on_call.models import CallOut, DutyChange, Rota, RotaMember
from dispatch.on_call.rest import rest_until
from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.staffing.service import ASSIGNABLE, assign
from dispatch.technicians.clearance.queries import get_clearance
from dispatch.technicians.lifecycle import AbsenceKind
from dispatch.technicians.preferences.queries import wishes_about
from dispatch.technicians.queries import get_technician
from dispatch.technicians.service import report_absence
from dispatch.technicians.working_time.queries import bounds_of
from dispatch.territories.queries import get_territory
from dispatch.travel.times import travel_times
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import get_visit
from kernel import clock
from kernel.db import get, locked
from kernel.errors import Conflict, Invalid, NotFound
from kernel.events import later, publish
from kernel.geo import Point

LOOK_BACK = timedelta(hours=24)


def create_rota(
    session: Session,
    *,
    name: str,
    territory_id: UUID,
    member_ids: Sequence[UUID],
    starts_on: date,
    time_zone: str | None = None,
    skills: Sequence[str] = (),
    hand_over_minute: int = 480,
    weekday: int | None = None,
    accept_minutes: int = 10,
) -> Rota:
    """Members take turns in the order given; the territory's time zone unless said."""
    territory = get_territory(session, territory_id)
    rota = Rota(
        name=name,
        territory_id=territory_id,
        time_zone=check_time_zone(time_zone or territory.time_zone),
        skills=sorted({skill.strip().lower() for skill in skills}),
        hand_over_minute=hand_over_minute,
        weekday=weekday,
        starts_on=starts_on,
        accept_minutes=accept_minutes,
        members=[],
    )
    session.add(rota)
    session.flush()
    set_members(session, rota, member_ids)
    return rota


def set_members(session: Session, rota: Rota, member_ids: Sequence[UUID]) -> Rota:
    """Raises Invalid `rota_members` without anybody, or with somebody twice."""
    if not member_ids or len(set(member_ids)) != len(member_ids):
        raise Invalid("A rota needs members, each once.", code="rota_members")
    for key in member_ids:
        get_technician(session, key)
    known = {member.technician_id: member for member in rota.members}
    rota.members = [
        known.get(key) or RotaMember(technician_id=key, position=position)
        for position, key in enumerate(member_ids)
    ]
    for position, member in enumerate(rota.members):
        member.position = position
    session.flush()
    return rota


def put_on_duty(
    session: Session,
    rota_id: UUID,
    technician_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
) -> DutyChange:
    """An exception of the office: this technician has the duty then, whoever's turn it is."""
    return _change(session, rota_id, technician_id, None, starts_at, ends_at, reason)


def take_off_duty(session: Session, change_id: UUID) -> None:
    """The exception does not hold any more: the rota's own turn does."""
    [change] = locked(session, DutyChange, [change_id])
    DUTY_CHANGE.check(change.status, ChangeStatus.CANCELLED)
    change.status = ChangeStatus.CANCELLED
    session.flush()


def ask_swap(
    session: Session,
    rota_id: UUID,
    asked_by_id: UUID,
    technician_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    reason: str = "",
) -> DutyChange:
    """Ask a colleague to take one's own duty. Raises Conflict `not_on_duty` where it is not."""
    rota = queries.get_rota(session, rota_id)
    members = {member.technician_id for member in rota.members}
    if asked_by_id not in members:
        raise NotFound("rota", rota_id)
    if technician_id not in members:
        raise Invalid("A swap is between members of the rota.", code="rota_members")
    if ends_at <= starts_at:
        raise Invalid("A duty ends after it starts.", code="empty_period")
    own = [
        duty
        for duty in queries.duties_of(session, rota, starts_at, ends_at)
        if duty.technician_id == asked_by_id
    ]
    if sum((duty.ends_at - duty.starts_at for duty in own), timedelta()) < ends_at - starts_at:
        raise Conflict("Only one's own duty can be given away.", code="not_on_duty")
    return _change(session, rota_id, technician_id, asked_by_id, starts_at, ends_at, reason)


def _change(
    session: Session,
    rota_id: UUID,
    technician_id: UUID,
    asked_by_id: UUID | None,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
) -> DutyChange:
    if ends_at <= starts_at:
        raise Invalid("A duty ends after it starts.", code="empty_period")
    queries.get_rota(session, rota_id)
    get_technician(session, technician_id)
    change = DutyChange(
        rota_id=rota_id,
        technician_id=technician_id,
        asked_by_id=asked_by_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        status=ChangeStatus.ACCEPTED if asked_by_id is None else ChangeStatus.ASKED,
    )
    session.add(change)
    session.flush()
    return change


def answer_swap(
    session: Session, change_id: UUID, technician_id: UUID, *, accepted: bool
) -> DutyChange:
    """NotFound when somebody else was asked."""
    [change] = locked(session, DutyChange, [change_id])
    if change.technician_id != technician_id:
        raise NotFound("duty_change", change_id)
    to = ChangeStatus.ACCEPTED if accepted else ChangeStatus.DECLINED
    if change.status is not to:
        DUTY_CHANGE.check(change.status, to)
        change.status = to
        session.flush()
    return change


def call_out(session: Session, visit_id: UUID) -> CallOut | None:
    """Ask whoever is on call to go there now, or the next who was not asked yet; nobody who may
    not be given work, who never meets this customer, or whose shift it is: plans count on them.

    None when somebody is asked or goes already, when there is no rota, or when nobody is left:
    then CallOutUnanswered tells the dispatchers.
    """
    [visit] = locked(session, Visit, [visit_id])
    known = queries.call_outs_of(session, visit_ids=[visit_id])
    if visit.status not in ASSIGNABLE or any(
        call.status in {CallOutStatus.ASKED, CallOutStatus.ACCEPTED} for call in known
    ):
        return None
    rota = queries.rota_for(session, visit)
    if rota is None:
        return None
    now = clock.now(session)
    asked = {call.technician_id for call in known}
    barred = {*visit.excluded_technician_ids, *wishes_about(session, visit.customer_id).blocked}
    on_call = queries.on_call_at(session, rota, now)
    at_work = queries.with_shift(session, on_call, now)
    order = [
        key
        for key in on_call
        if key not in asked | barred | at_work
        and get_clearance(session, key).covers(now + queries.INSTANT)
    ]
    if not order:
        publish(session, CallOutUnanswered(visit_id=visit_id, territory_id=visit.territory_id))
        return None
    call = CallOut(
        visit_id=visit_id,
        rota_id=rota.id,
        technician_id=order[0],
        status=CallOutStatus.ASKED,
        accept_by=now + timedelta(minutes=rota.accept_minutes),
    )
    session.add(call)
    session.flush()
    about = {"technician_id": call.technician_id, "territory_id": visit.territory_id}
    publish(session, CallOutAsked(call_out_id=call.id, visit_id=visit_id, **about))
    later(session, CallOutDue(call_out_id=call.id, visit_id=visit_id), call.accept_by)
    return call


def accept(session: Session, call_out_id: UUID, technician_id: UUID) -> CallOut:
    """The technician goes at once. Raises Conflict `call_out_over` when it came too late, and
    `technician_busy` when there is other work then."""
    call = _own(session, call_out_id, technician_id)
    if call.status is CallOutStatus.ACCEPTED:
        return call
    now = clock.now(session)
    visit = get_visit(session, call.visit_id)
    if call.status is CallOutStatus.ASKED and now < call.accept_by:
        starts_at = _there(session, technician_id, visit, now)
        assign(session, visit.id, [technician_id], starts_at, source=AssignmentSource.DISPATCHER)
    [call] = locked(session, CallOut, [call_out_id])
    if call.status is not CallOutStatus.ASKED or call.accept_by <= now:
        raise Conflict("Somebody else was asked meanwhile.", code="call_out_over")
    _answer(session, call, CallOutStatus.ACCEPTED, now)
    return call


def decline(session: Session, call_out_id: UUID, technician_id: UUID) -> CallOut:
    """The next one is asked at once."""
    visit_id = _own(session, call_out_id, technician_id).visit_id
    locked(session, Visit, [visit_id])
    [call] = locked(session, CallOut, [call_out_id])
    if call.status is CallOutStatus.DECLINED:
        return call
    _answer(session, call, CallOutStatus.DECLINED, clock.now(session))
    call_out(session, visit_id)
    return call


def expire(session: Session, call_out_id: UUID) -> None:
    """Nobody answered in time: the next one is asked."""
    visit_id = get(session, CallOut, call_out_id).visit_id
    locked(session, Visit, [visit_id])
    [call] = locked(session, CallOut, [call_out_id])
    if call.status is CallOutStatus.ASKED:
        _answer(session, call, CallOutStatus.EXPIRED, clock.now(session))
        call_out(session, visit_id)


def _own(session: Session, call_out_id: UUID, technician_id: UUID) -> CallOut:
    call = get(session, CallOut, call_out_id)
    if call.technician_id != technician_id:
        raise NotFound("call_out", call_out_id)
    return call


def _answer(session: Session, call: CallOut, to: CallOutStatus, now: datetime) -> None:
    CALL_OUT.check(call.status, to)
    call.status = to
    call.answered_at = now
    session.flush()
    publish(
        session,
        CallOutAnswered(
            call_out_id=call.id,
            visit_id=call.visit_id,
            status=to,
            technician_id=call.technician_id,
            territory_id=get_visit(session, call.visit_id).territory_id,
        ),
    )


def _there(session: Session, technician_id: UUID, visit: Visit, now: datetime) -> datetime:
    """When somebody who leaves home now is there, on a whole minute."""
    seconds = _way(session, technician_id, visit)
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return minute + timedelta(seconds=seconds)


def _way(session: Session, technician_id: UUID, visit: Visit) -> int:
    technician, site = get_technician(session, technician_id), get(session, Site, visit.site_id)
    home = Point(technician.latitude, technician.longitude)
    return travel_times().between(home, Point(site.latitude, site.longitude))


def grant_rest(session: Session, visit_id: UUID) -> None:
    """After a called-out visit has ended: the rest it took is given back before the next shift.

    The rest is an absence, so visits planned then are moved as after any absence.
    """
    visit = get_visit(session, visit_id)
    calls = queries.call_outs_of(session, visit_ids=[visit_id], status=CallOutStatus.ACCEPTED)
    if visit.finished_at is None or not calls:
        return
    technician = get_technician(session, calls[0].technician_id)
    territory = get_territory(session, technician.territory_id)
    rules = bounds_of(technician, territory, visit.finished_at.date()).rules
    if rules is None:
        return
    found = queries.called_out_work(session, technician.id, visit.finished_at - LOOK_BACK)
    work = [
        (
            call.answered_at or call.accept_by,
            done.finished_at + timedelta(seconds=_way(session, technician.id, done)),
        )
        for call, done in found
        if done.finished_at is not None and done.finished_at <= visit.finished_at
    ]
    since = queries.last_shift_end(session, technician.id, work[0][0])
    work = [times for times in work if since is None or times[0] >= since]
    until = rest_until(rules, since, work)
    after = queries.next_shift(session, technician.id, work[-1][1])
    if after is not None and after.starts_at < until:
        report_absence(
            session,
            technician.id,
            after.starts_at,
            min(until, after.ends_at),
            AbsenceKind.REST,
            reason=rules.sources["rest_after_call_out"],
        )
