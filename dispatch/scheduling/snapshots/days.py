"""One technician's days as openings of the optimizer, made anew when time has changed them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.policies.queries import Policies
from dispatch.scheduling.problems.build import build_for_slots
from dispatch.scheduling.problems.queries import PlannedStop, StaffDay
from dispatch.scheduling.problems.shifts import pieces
from dispatch.technicians.models import Shift as WorkShift
from dispatch.technicians.queries import TechnicianForPlanning
from kernel.geo import Point
from optimizer.opening import Opening, openings_of

REFRESH = timedelta(minutes=1)
"""A shift that has begun is looked at again after so long: where somebody is, and when free."""
FOREVER = datetime.max.replace(tzinfo=UTC)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Day:
    """Shifts of one technician that depend on no others, as they are at `made_at`.

    `points` are the places of the openings; `until` is when time alone will have changed
    something.
    """

    person: TechnicianForPlanning
    stops: list[PlannedStop]
    openings: list[Opening]
    points: list[Point]
    policies: Policies
    made_at: datetime
    until: datetime
    visit_ids: frozenset[UUID]

    @classmethod
    def of(
        cls,
        person: TechnicianForPlanning,
        stops: Sequence[PlannedStop],
        policies: Policies,
        now: datetime,
    ) -> "Day":
        standing = [stop for stop in stops if not _has_expired(stop, now)]
        staff = StaffDay([person], {person.technician.id: standing}, policies)
        built, places = build_for_slots(staff, now)
        return cls(
            person=person,
            stops=list(stops),
            openings=openings_of(built.problem, built.previous),
            points=places.points,
            policies=policies,
            made_at=now,
            until=_until(person, stops, now),
            visit_ids=frozenset(stop.visit.id for stop in stops),
        )

    def at(self, now: datetime) -> "Day":
        if self.made_at <= now < self.until:
            return self
        return Day.of(self.person, self.stops, self.policies, now)

    def without(self, visit_id: UUID) -> "Day":
        """As if the technician did not have this visit."""
        if visit_id not in self.visit_ids:
            return self
        kept = [stop for stop in self.stops if stop.visit.id != visit_id]
        return Day.of(self.person, kept, self.policies, self.made_at)

    def working(self) -> list[Span]:
        """When the technician works, without absences and overtime."""
        return [(piece.starts_at, piece.ends_at) for piece in pieces(self.person)]

    def busy(self) -> list[Span]:
        """When the technician is on the way or at work."""
        return [
            (stop.row.busy.lower or stop.row.starts_at, stop.row.busy.upper or stop.row.ends_at)
            for stop in self.stops
            if not _has_expired(stop, self.made_at)
        ]


def days_of(
    person: TechnicianForPlanning,
    stops: Sequence[PlannedStop],
    policies: Policies,
    now: datetime,
) -> list[Day]:
    """The technician's time with the stops that stand in it."""
    return [Day.of(part, own, policies, now) for part, own in _parts(person, stops)]


def _parts(
    person: TechnicianForPlanning, stops: Sequence[PlannedStop]
) -> Iterator[tuple[TechnicianForPlanning, list[PlannedStop]]]:
    """Groups of shifts too far apart for overtime to reach the next, each with its stops."""
    groups: list[list[WorkShift]] = []
    for shift in person.shifts:
        if groups and shift.starts_at <= _latest_end(groups[-1][-1]):
            groups[-1].append(shift)
        else:
            groups.append([shift])
    left, groups = list(stops), groups or [[]]
    for group, after in zip(groups, [*groups[1:], None], strict=True):
        own = [s for s in left if after is None or s.row.starts_at < after[0].starts_at]
        left = left[len(own) :]
        yield replace(person, shifts=group), own


def _latest_end(shift: WorkShift) -> datetime:
    return shift.ends_at + timedelta(minutes=shift.overtime_minutes)


def _has_expired(stop: PlannedStop, now: datetime) -> bool:
    """Whether it is a hold that has run out, swept or not."""
    row = stop.row
    if row.status is not AssignmentStatus.HELD or row.expires_at is None:
        return False
    return row.expires_at <= now


def _until(person: TechnicianForPlanning, stops: Sequence[PlannedStop], now: datetime) -> datetime:
    if any(shift.starts_at <= now < _latest_end(shift) for shift in person.shifts):
        return now + REFRESH
    changes = [shift.starts_at for shift in person.shifts]
    changes += [stop.row.expires_at or FOREVER for stop in stops]
    changes += [stop.row.busy.lower or stop.row.starts_at for stop in stops]
    return min((at for at in changes if at > now), default=FOREVER)
