"""From technicians with their days to shifts of the optimizer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.problems.places import Epoch, Places
from dispatch.scheduling.problems.queries import PlannedStop
from dispatch.technicians.lifecycle import CredentialStatus
from dispatch.technicians.models import Shift as WorkShift
from dispatch.technicians.models import ShiftBreak, Technician
from dispatch.technicians.queries import TechnicianForPlanning
from dispatch.technicians.working_time.room import Pause
from dispatch.travel.times import travel_times
from kernel.geo import Point
from optimizer.shift import Break, Committed, Credential, Employment, Shift, Skill

SHORTEST = timedelta(minutes=5)
"""A piece of a shift below this is of no use."""
FRESH = timedelta(minutes=30)
"""How old a position may be to say where somebody is."""
OVERDUE = timedelta(minutes=20)
"""A visit that nobody set out for so long after its start will not be done as planned."""
OVERTIME_PCT = 150
FIXED = "fixed:"
LANGUAGE = "language:"


@dataclass(frozen=True)
class Piece:
    """A stretch of a shift without absences, within what the rules of working time leave."""

    shift: WorkShift
    number: int
    starts_at: datetime
    ends_at: datetime
    overtime: timedelta
    pause: Pause | None = None
    """A break that the rules ask for beside those of the shift."""


def fixed_id(stop: PlannedStop) -> str:
    """The job that stands for an assignment that is not to be planned."""
    return f"{FIXED}{stop.row.id}"


def pieces(person: TechnicianForPlanning, overtime_minutes: int | None = None) -> list[Piece]:
    """The shifts cut at absences, in order of time; overtime only behind the last piece, and at
    most so much. Nothing is left behind the end of the clearance."""
    found: list[Piece] = []
    until = person.clearance.until
    for shift in person.shifts:
        room = person.room_of(shift)
        if until is not None:
            room = replace(room, latest=min(room.latest, until))
        if room.latest <= room.earliest:
            continue
        last = min(shift.ends_at, room.latest)
        cuts = [(room.earliest, last)]
        for away in person.absences:
            cuts = [
                part
                for start, end in cuts
                for part in ((start, min(end, away.starts_at)), (max(start, away.ends_at), end))
                if part[0] < part[1]
            ]
        for number, (start, end) in enumerate(sorted(set(cuts))):
            overtime = room.latest - last
            if overtime_minutes is not None:
                overtime = min(overtime, timedelta(minutes=overtime_minutes))
            whole = end == last and not person.is_absent(end, end + overtime)
            more = overtime if whole else timedelta()
            pause = room.pause if number == 0 else None
            found.append(Piece(shift, number, start, end, more, pause))
    found.sort(key=lambda piece: piece.starts_at)
    return [
        replace(piece, overtime=min(piece.overtime, after.starts_at - piece.ends_at))
        for piece, after in pairwise(found)
    ] + found[-1:]


def shifts_of(
    person: TechnicianForPlanning,
    stops: Sequence[PlannedStop],
    epoch: Epoch,
    places: Places,
    *,
    overtime_minutes: int | None = None,
) -> list[Shift]:
    """What is left of the technician's shifts, with the work under way as committed stops.

    A policy's `overtime_minutes` bound what the shifts allow.
    """
    now = epoch.time(0)
    return [
        _shift(person, piece, stops, epoch, places)
        for piece in pieces(person, overtime_minutes)
        if piece.ends_at + piece.overtime > now + SHORTEST
    ]


def _shift(
    person: TechnicianForPlanning,
    piece: Piece,
    stops: Sequence[PlannedStop],
    epoch: Epoch,
    places: Places,
) -> Shift:
    technician, now = person.technician, epoch.time(0)
    begun = piece.starts_at <= now
    start = max(epoch.seconds_up(piece.starts_at), 0)
    end = max(epoch.seconds(piece.ends_at), start + 1)
    committed = _committed(stops, epoch) if begun else ()
    origin = _where(person, piece, stops, now) if begun else home_of(technician)
    free = max([start, *(stop.end for stop in committed)])
    latest = max(epoch.seconds(piece.ends_at + piece.overtime), end)
    return Shift(
        id=f"{piece.shift.id}:{piece.number}",
        technician_id=str(technician.id),
        start=start,
        end=end,
        start_place=places.number(origin),
        overtime_seconds=latest - end,
        overtime_cents_per_hour=technician.hourly_cents * OVERTIME_PCT // 100,
        breaks=_breaks(
            [*piece.shift.breaks, *filter(None, [piece.pause])],
            epoch,
            free if begun else start,
            latest,
        ),
        skills=_skills(person, epoch),
        credentials=_credentials(person, epoch),
        speed_pct=technician.planning_speed_pct,
        reach_seconds=travel_times().reach_seconds(technician.max_travel_km, home_of(technician)),
        travel_cents_per_hour=technician.travel_cents_per_hour,
        work_cents_per_hour=technician.hourly_cents,
        employment=Employment(technician.employment),
        committed=committed,
    )


def is_fact(stop: PlannedStop, epoch: Epoch) -> bool:
    """Under way, or about to begin: nobody is told otherwise that late.

    What should have begun long ago is no fact; it is planned anew.
    """
    row = stop.row
    if row.status is AssignmentStatus.ACTIVE:
        return not stop.visit.paused_overnight
    if row.status is not AssignmentStatus.CONFIRMED or row.overlap_reason is not None:
        return False
    leaves = row.busy.lower or row.starts_at
    now = epoch.time(0)
    return leaves < now < row.ends_at and row.starts_at >= now - OVERDUE


def _committed(stops: Sequence[PlannedStop], epoch: Epoch) -> tuple[Committed, ...]:
    """Facts, one behind the other; overrunning work is expected to end any moment."""
    found: list[Committed] = []
    facts = [stop for stop in stops if is_fact(stop, epoch)]
    facts.sort(key=lambda stop: stop.row.status is not AssignmentStatus.ACTIVE)
    for stop in facts:
        began = stop.visit.started_at or stop.visit.on_site_at
        work = int((stop.row.ends_at - stop.row.starts_at).total_seconds())
        start = epoch.seconds(began or stop.row.starts_at)
        if found:
            start = max(start, found[-1].end)
        if began is None and stop.row.status is AssignmentStatus.ACTIVE:
            # still on the way: nobody can be there before now
            start = max(start, 0)
        # the time planned stays taken until the work is done, however early it began
        end = max(start + work, epoch.seconds(stop.row.ends_at), 0)
        found.append(Committed(fixed_id(stop), start, -(-end // 60) * 60))
    return tuple(found)


def _where(
    person: TechnicianForPlanning, piece: Piece, stops: Sequence[PlannedStop], now: datetime
) -> Point:
    """Where a technician is who has begun: a fresh position, the last place of work, or home."""
    position = person.position
    if position is not None and now - position.at < FRESH:
        return Point(position.latitude, position.longitude)
    done = [
        stop
        for stop in stops
        if stop.row.status is AssignmentStatus.DONE and stop.row.starts_at >= piece.starts_at
    ]
    if done:
        last = max(done, key=lambda stop: stop.visit.finished_at or stop.row.ends_at)
        return Point(last.site.latitude, last.site.longitude)
    return home_of(person.technician)


def _breaks(
    found: Sequence[ShiftBreak | Pause], epoch: Epoch, start: int, latest: int
) -> tuple[Break, ...]:
    """Those that can still be taken, in order; one whose time is over was taken."""
    kept: list[Break] = []
    for pause in sorted(found, key=lambda pause: pause.earliest):
        seconds = pause.minutes * 60
        earliest = max(epoch.seconds(pause.earliest), start)
        last = min(epoch.seconds(pause.latest), latest - seconds)
        if earliest > last:
            continue
        if kept and kept[-1].latest_start + kept[-1].duration_seconds > last:
            continue
        kept.append(Break(earliest, last, seconds))
    return tuple(kept)


def _skills(person: TechnicianForPlanning, epoch: Epoch) -> tuple[Skill, ...]:
    return tuple(
        Skill(
            held.skill,
            held.level,
            None if held.valid_from is None else epoch.seconds(held.valid_from),
            None if held.valid_until is None else epoch.seconds(held.valid_until),
            held.planning_speed_pct,
        )
        for held in sorted(person.skills, key=lambda held: held.skill)
    )


def _credentials(person: TechnicianForPlanning, epoch: Epoch) -> tuple[Credential, ...]:
    """The longest valid credential of each kind, and each language as one that never ends."""
    until: dict[str, int | None] = {}
    for held in person.credentials:
        if held.status is not CredentialStatus.VALID:
            continue
        expires = None if held.expires_at is None else epoch.seconds(held.expires_at)
        known = until.get(held.kind, -1)
        until[held.kind] = None if expires is None or known is None else max(expires, known)
    until |= {LANGUAGE + language: None for language in person.technician.languages}
    return tuple(Credential(kind, end) for kind, end in sorted(until.items()))


def home_of(technician: Technician) -> Point:
    return Point(technician.latitude, technician.longitude)
