"""One technician's days as openings of the optimizer, made anew when time has changed them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.policies.queries import Policies
from dispatch.scheduling.problems.build import build_for_slots
from dispatch.scheduling.problems.queries import PlannedStop, StaffDay
from dispatch.scheduling.problems.shares import Share
from dispatch.scheduling.problems.shifts import pieces
from dispatch.scheduling.snapshots.tables import Tables, degrees_of, seconds_of
from dispatch.technicians.models import Shift as WorkShift
from dispatch.technicians.queries import TechnicianForPlanning
from optimizer.opening import openings_of
from optimizer.opening_table import OpeningTable

REFRESH = timedelta(minutes=1)
"""A shift that has begun is looked at again after so long, up to twice that, so that not all are
at once: where somebody is, and when free."""
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Day:
    """Shifts of one technician that depend on no others, as they are at `made_at`.

    `until` is when time alone will have changed something.
    """

    person: TechnicianForPlanning
    stops: list[PlannedStop]
    tables: Tables
    policies: Policies
    share: Share
    made_at: datetime
    until: datetime
    visit_ids: frozenset[UUID]

    @classmethod
    def of(
        cls,
        person: TechnicianForPlanning,
        stops: Sequence[PlannedStop],
        policies: Policies,
        share: Share,
        now: datetime,
    ) -> "Day":
        standing = [stop for stop in stops if not _has_expired(stop, now)]
        key = person.technician.id
        staff = StaffDay([person], {key: standing}, policies, {key: share})
        built, places = build_for_slots(staff, now)
        return cls(
            person=person,
            stops=list(stops),
            tables=Tables(
                openings=OpeningTable.of(openings_of(built.problem, built.previous)),
                points=places.points,
                degrees=degrees_of(places.points),
                working=seconds_of((piece.starts_at, piece.ends_at) for piece in pieces(person)),
                busy=seconds_of(
                    (s.row.busy.lower or s.row.starts_at, s.row.busy.upper or s.row.ends_at)
                    for s in standing
                ),
            ),
            policies=policies,
            share=share,
            made_at=now,
            until=_until(person, stops, now),
            visit_ids=frozenset(stop.visit.id for stop in stops),
        )

    def at(self, now: datetime) -> "Day":
        if self.made_at <= now < self.until:
            return self
        return Day.of(self.person, self.stops, self.policies, self.share, now)

    def has(self, stops: Sequence[PlannedStop]) -> bool:
        """Whether these are its stops, unchanged."""
        return [stop.version for stop in stops] == [stop.version for stop in self.stops]

    def without(self, visit_id: UUID) -> "Day":
        """As if the technician did not have this visit."""
        if visit_id not in self.visit_ids:
            return self
        kept = [stop for stop in self.stops if stop.visit.id != visit_id]
        return Day.of(self.person, kept, self.policies, self.share, self.made_at)


def days_of(
    person: TechnicianForPlanning,
    stops: Sequence[PlannedStop],
    policies: Policies,
    share: Share,
    now: datetime,
) -> list[Day]:
    """The technician's time with the stops that stand in it."""
    return [Day.of(part, own, policies, share, now) for part, own in _parts(person, stops)]


def with_stops(days: Sequence[Day], stops: Sequence[PlannedStop], now: datetime) -> list[Day]:
    """The same technician's days with other stops; those that stay as they were are kept."""
    found, left = [], list(stops)
    for day, after in zip(days, [*days[1:], None], strict=True):
        own = [s for s in left if after is None or s.row.starts_at < _starts_at(after)]
        left = left[len(own) :]
        if not day.has(own):
            day = Day.of(day.person, own, day.policies, day.share, now)
        found.append(day)
    return found


def _starts_at(day: Day) -> datetime:
    return day.person.shifts[0].starts_at


def _parts(
    person: TechnicianForPlanning, stops: Sequence[PlannedStop]
) -> Iterator[tuple[TechnicianForPlanning, list[PlannedStop]]]:
    """Groups of shifts too far apart for overtime to reach the next, each with its stops."""
    groups: list[list[WorkShift]] = []
    for shift in person.shifts:
        if groups and shift.starts_at <= latest_end(groups[-1][-1]):
            groups[-1].append(shift)
        else:
            groups.append([shift])
    left, groups = list(stops), groups or [[]]
    for group, after in zip(groups, [*groups[1:], None], strict=True):
        own = [s for s in left if after is None or s.row.starts_at < after[0].starts_at]
        left = left[len(own) :]
        yield replace(person, shifts=group), own


def latest_end(shift: WorkShift) -> datetime:
    return shift.ends_at + timedelta(minutes=shift.overtime_minutes)


def _has_expired(stop: PlannedStop, now: datetime) -> bool:
    """Whether it is a hold that has run out, swept or not."""
    row = stop.row
    if row.status is not AssignmentStatus.HELD or row.expires_at is None:
        return False
    return row.expires_at <= now


def _until(person: TechnicianForPlanning, stops: Sequence[PlannedStop], now: datetime) -> datetime:
    if any(shift.starts_at <= now < latest_end(shift) for shift in person.shifts):
        return now + REFRESH * (1 + person.technician.id.int % 60 / 60)
    changes = [shift.starts_at for shift in person.shifts]
    changes += [stop.row.expires_at or FOREVER for stop in stops]
    changes += [stop.row.busy.lower or stop.row.starts_at for stop in stops]
    return min((at for at in changes if at > now), default=FOREVER)
