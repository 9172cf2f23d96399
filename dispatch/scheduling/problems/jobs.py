"""From visits and assignments to jobs of the optimizer."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import day_bounds
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.pins.models import Pin, PinKind
from dispatch.scheduling.policies.lifecycle import CrowdOrder
from dispatch.scheduling.policies.rules import FASTEST_CENTS_PER_HOUR, Rules, price_of
from dispatch.scheduling.problems.places import Epoch, Places
from dispatch.scheduling.problems.ports import CrowdEstimate
from dispatch.scheduling.problems.queries import PlannedStop
from dispatch.scheduling.problems.shares import is_unpleasant
from dispatch.scheduling.problems.shifts import LANGUAGE, fixed_id
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder
from kernel.geo import Point
from optimizer.crowd import Crowd, Offer
from optimizer.job import Deadline, Job, Promise, Requirement, Risk, SoftWindow, Step, Window
from optimizer.job import Pin as JobPin
from optimizer.supplies import Part

FIXED_CENTS = 100_000_000
STEADY_SECONDS = 30 * 60
"""How far a start that was told may move before it costs something."""
SAME_SECONDS = 10 * 60
"""A start that moves less is the same to everybody."""
WISH_CENTS_PER_MINUTE = 30


@dataclass(frozen=True)
class Planned:
    """A visit to be planned with everything that binds it."""

    visit: Visit
    work_order: WorkOrder
    site: Site
    rows: Sequence[Assignment]
    booking: Booking | None
    pins: Sequence[Pin]
    rules: Rules
    preferred: UUID | None
    crowd: Sequence[CrowdEstimate] = ()
    parts: tuple[Part, ...] = ()
    tools: tuple[str, ...] = ()
    arrive_by: datetime | None = None
    carriers: frozenset[UUID] = frozenset()
    """Who is in the crew because of what is in the van, which the others need not bring."""

    @property
    def version(self) -> tuple[object, ...]:
        """Another where anything is that a job is made from."""
        booking = self.booking
        return (
            self.visit.version,
            self.work_order.version,
            self.site.version,
            [(row.id, row.version) for row in self.rows],
            None if booking is None else (booking.id, booking.version),
            [(pin.id, pin.version) for pin in self.pins],
            self.rules,
            self.preferred,
            self.crowd,
            self.parts,
            self.tools,
            self.arrive_by,
            self.carriers,
        )


def job_of(item: Planned, epoch: Epoch, places: Places, horizon: int) -> Job:
    visit = item.visit
    excluded = {str(key) for key in visit.excluded_technician_ids}
    required = _required(item) - excluded
    preferred = {str(key) for key in visit.preferred_technician_ids} - excluded
    if item.preferred is not None:
        preferred |= {str(item.preferred)} - excluded
    return Job(
        id=str(visit.id),
        place=places.number(Point(item.site.latitude, item.site.longitude)),
        duration_seconds=visit.duration_minutes * 60,
        unserved_cents=_unserved_cents(item),
        windows=_windows(item, epoch),
        soft_window=_wish(item, epoch),
        deadline=_deadline(item, epoch),
        earliest_useful=None if visit.earliest_at is None else epoch.seconds(visit.earliest_at),
        delay_cents_per_day=_delay_cents_per_day(item),
        requirements=tuple(
            Requirement(str(need["skill"]), int(need.get("level", 1)))
            for need in sorted(visit.skills, key=lambda need: str(need["skill"]))
        ),
        credentials=(*visit.credentials, *(LANGUAGE + key for key in visit.languages)),
        required_technicians=tuple(sorted(required)),
        preferred_technicians=tuple(sorted(preferred)),
        preference_cents=item.rules.preference_cents if preferred else 0,
        excluded_technicians=tuple(sorted(excluded)),
        crew_size=visit.crew_size,
        pace_skill=visit.pace_skill,
        is_unpleasant=_is_unpleasant(item),
        risk=_risk(item),
        pin=_pin(item, epoch, horizon),
        promise=_promise(item, epoch),
        crowd=_crowd(item, epoch),
        parts=item.parts,
        tools=item.tools,
    )


def fixed_job(stop: PlannedStop, speed_pct: int, epoch: Epoch, places: Places, horizon: int) -> Job:
    """An assignment that stays as it is, for the time it takes its technician and nothing else.

    What should have begun already may begin from now on.
    """
    work = int((stop.row.ends_at - stop.row.starts_at).total_seconds())
    start = epoch.seconds(stop.row.starts_at)
    pin = JobPin(str(stop.row.technician_id), start=start)
    if start < 0:
        pin = JobPin(str(stop.row.technician_id), window=Window(0, max(horizon, 1)))
    return Job(
        id=fixed_id(stop),
        place=places.number(Point(stop.site.latitude, stop.site.longitude)),
        duration_seconds=max(max(work, 1) * speed_pct // 100, 1),
        unserved_cents=FIXED_CENTS,
        pin=pin,
    )


def carriers_who_fit(item: Planned, carriers: Collection[UUID]) -> frozenset[UUID]:
    """The carriers when it can be asked for that all of them are in the crew: one of them and
    nobody pinned beside, or with who is pinned as many as it has seats; else nobody."""
    visit = item.visit
    pinned = {pin.technician_id for pin in item.pins if pin.technician_id is not None}
    must, wanted = pinned | set(carriers), set(visit.required_technician_ids)
    fits = len(must) in {1, visit.crew_size} and not must & set(visit.excluded_technician_ids)
    return frozenset(carriers) if fits and (not wanted or must <= wanted) else frozenset()


def _required(item: Planned) -> set[str]:
    """A dispatched crew stays together where dispatching locks who comes."""
    if (
        item.visit.crew_size > 1
        and _is_out(item.visit)
        and item.rules.lock_technician
        and item.rows
    ):
        return {str(row.technician_id) for row in item.rows}
    pinned = {pin.technician_id for pin in item.pins if pin.technician_id is not None}
    if item.carriers and len(must := pinned | item.carriers) == item.visit.crew_size:
        return {str(key) for key in must}
    wanted = {str(key) for key in item.visit.required_technician_ids}
    enough = len(wanted - {str(k) for k in item.visit.excluded_technician_ids})
    return wanted if enough >= item.visit.crew_size else set()


def _delay_cents_per_day(item: Planned) -> int:
    cents = item.work_order.delay_cost_cents_per_day
    return cents + (24 * FASTEST_CENTS_PER_HOUR if item.rules.crowd is CrowdOrder.FASTEST else 0)


def _is_out(visit: Visit) -> bool:
    return visit.status in {VisitStatus.DISPATCHED, VisitStatus.ACCEPTED}


def _unserved_cents(item: Planned) -> int:
    rules = item.rules
    cents = price_of(rules.unserved_cents, item.visit.priority)
    return cents * rules.promised_pct // 100 if item.booking is not None else cents


def _windows(item: Planned, epoch: Epoch) -> tuple[Window, ...]:
    """The promised arrival window, or the requested one, which ends when the work is due.

    None once it is over. Work that cannot be done in time is left to others while there is time
    for them; shortly before it is due it is done as soon as possible, however late.
    """
    start, end = item.visit.window_start, item.visit.window_end
    if item.booking is not None:
        start, end = item.booking.arrival_start, item.booking.arrival_end
    elif item.visit.due_at is not None and _is_time_for_others(item, epoch):
        end = min(end or item.visit.due_at, item.visit.due_at)
    if end is None or epoch.seconds(end) < 0:
        return ()
    first = 0 if start is None else epoch.seconds(start)
    return (Window(min(first, epoch.seconds(end)), epoch.seconds(end)),)


def _is_time_for_others(item: Planned, epoch: Epoch) -> bool:
    """Whether somebody else could still be found in time for what would be late."""
    due_at, minutes = item.visit.due_at, item.rules.crowd_minutes
    return due_at is not None and minutes is not None and epoch.seconds(due_at) > minutes * 60


def _wish(item: Planned, epoch: Epoch) -> SoftWindow | None:
    """A promised arrival is planned early enough to be kept when the day takes longer than
    planned, and a start that somebody prepares for not much later; a promised window that is over
    draws the visit to now."""
    booking, planned = item.booking, told_start(item)
    if booking is None and planned is None:
        return None
    start = 0 if booking is None else epoch.seconds(booking.arrival_start)
    ends = []
    if booking is not None:
        ends.append(epoch.seconds(item.arrive_by or booking.arrival_end))
    if planned is not None and item.rules.start_cents:
        ends.append(epoch.seconds(planned) + SAME_SECONDS)
    return SoftWindow(start, max(start, min(ends)), WISH_CENTS_PER_MINUTE) if ends else None


def told_start(item: Planned) -> datetime | None:
    """When a visit that a customer has a window for, or that was sent out, is to start."""
    if not item.rows or not (item.booking is not None or _is_out(item.visit)):
        return None
    return item.rows[0].starts_at


def _deadline(item: Planned, epoch: Epoch) -> Deadline | None:
    """What being late costs by the policy, and what the contract charges on top."""
    if item.visit.due_at is None:
        return None
    priority, rules, due = item.visit.priority, item.rules, epoch.seconds(item.visit.due_at)
    breach = price_of(rules.breach_cents, priority)
    penalty = item.work_order.penalty or {"cents": 0, "steps": [], "cap_cents": 0}
    steps = Counter(dict.fromkeys(rules.breach_again_minutes, breach))
    steps.update({int(step["minutes"]): int(step["cents"]) for step in penalty["steps"]})
    return Deadline(
        due=due,
        cents_per_minute=price_of(rules.late_cents_per_minute, priority),
        cap_cents=price_of(rules.unserved_cents, priority) + int(penalty["cap_cents"]),
        breach_cents=breach + int(penalty["cents"]),
        steps=tuple(Step(due + minutes * 60, cents) for minutes, cents in sorted(steps.items())),
    )


def _is_unpleasant(item: Planned) -> bool:
    start = item.visit.window_start
    if item.booking is not None:
        start = item.booking.arrival_start
    return is_unpleasant(item.visit.priority, start, item.site.time_zone)


def _risk(item: Planned) -> Risk:
    """The windows are about the start of work, so only the end of the shift is at stake."""
    longest = max(item.visit.p80_minutes, item.visit.duration_minutes)
    return Risk(longest * 60, item.rules.risk_cents_per_minute)


def _crowd(item: Planned, epoch: Epoch) -> Crowd | None:
    """Those who could be asked before any of them has to leave, for the latest of their starts.

    When nobody comes it costs as much as leaving the visit out.
    """
    if item.rules.crowd_minutes is None or not item.crowd:
        return None
    until = min(epoch.seconds(one.leaves_at) for one in item.crowd)
    deadline = _deadline(item, epoch)
    return (
        None
        if until <= 0
        else Crowd(
            start=max(epoch.seconds(one.starts_at) for one in item.crowd),
            offers=tuple(
                Offer(
                    str(one.technician_id),
                    one.pay_cents,
                    one.accept_pct,
                    one.show_pct,
                    int(one.answer.total_seconds()),
                )
                for one in item.crowd
            ),
            fallback_cents=_unserved_cents(item) + (deadline.cap_cents if deadline else 0),
            ask_until=until,
            own_first=item.rules.crowd is CrowdOrder.IN_HOUSE_FIRST,
        )
    )


def _promise(item: Planned, epoch: Epoch) -> Promise | None:
    """Who has the visit and about when; a change has to be worth its price.

    A window that a customer has is promised before anybody has the visit.
    """
    if not item.rows:
        return None if item.booking is None else Promise(window=_booked(item.booking, epoch))
    told = _is_out(item.visit) or item.booking is not None
    cents = item.rules.told_move_cents if told else item.rules.move_cents
    window: Window | None = None
    if item.booking is not None:
        window = _booked(item.booking, epoch)
    elif told:
        start = epoch.seconds(item.rows[0].starts_at)
        window = Window(start - STEADY_SECONDS, start + STEADY_SECONDS)
    people = tuple(sorted(str(row.technician_id) for row in item.rows))
    return Promise(people, cents, window, cents // 2 if window else 0)


def _booked(booking: Booking, epoch: Epoch) -> Window:
    return Window(epoch.seconds(booking.arrival_start), epoch.seconds(booking.arrival_end))


def _pin(item: Planned, epoch: Epoch, horizon: int) -> JobPin | None:
    """What people fixed and what dispatching locks, together."""
    pins = {pin.kind: pin for pin in item.pins}
    row = item.rows[0] if item.rows else None
    out = row is not None and _is_out(item.visit)
    technician: UUID | None = None
    if PinKind.TECHNICIAN in pins:
        technician = pins[PinKind.TECHNICIAN].technician_id
    elif out and row is not None and item.rules.lock_technician and item.visit.crew_size == 1:
        technician = row.technician_id
    elif len(item.carriers) == 1:
        [technician] = item.carriers
    windows = [Window(0, max(horizon, 1))] if out or pins else []
    windows += _pinned_windows(item, pins.values(), epoch)
    start: int | None = None
    pinned_start = pins[PinKind.TIME].starts_at if PinKind.TIME in pins else None
    if pinned_start is not None:
        start = epoch.seconds(pinned_start)
    elif out and row is not None and item.rules.lock_time:
        start = epoch.seconds(row.starts_at)
    if start is not None and start < 0:
        start = None
    if technician is None and start is None and not windows:
        return None
    return JobPin(
        technician_id=None if technician is None else str(technician),
        window=_common(windows),
        start=start,
    )


def _pinned_windows(item: Planned, pins: Iterable[Pin], epoch: Epoch) -> list[Window]:
    found: list[Window] = []
    for pin in pins:
        if pin.kind is PinKind.DAY and pin.day is not None:
            found.append(_day(pin.day, item.site.time_zone, epoch))
        elif pin.kind is PinKind.WINDOW and pin.window_start and pin.window_end:
            found.append(Window(epoch.seconds(pin.window_start), epoch.seconds(pin.window_end)))
    row = item.rows[0] if item.rows else None
    if row is not None and _is_out(item.visit) and item.rules.lock_day:
        local = row.starts_at.astimezone(ZoneInfo(item.site.time_zone)).date()
        found.append(_day(local, item.site.time_zone, epoch))
    return found


def _day(day: date, time_zone: str, epoch: Epoch) -> Window:
    start, end = day_bounds(day, time_zone)
    return Window(epoch.seconds(start), epoch.seconds(end) - 1)


def _common(windows: Sequence[Window]) -> Window | None:
    """Where all windows overlap; the last of them when they do not: then nothing fits."""
    if not windows:
        return None
    start = max(window.start for window in windows)
    end = min(window.end for window in windows)
    return Window(start, end) if start <= end else windows[-1]
