"""The differences between the schedule and a plan, cut into groups that can be applied alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.problems.build import Built
from dispatch.work_orders.lifecycle import VisitStatus
from optimizer.plan import Plan, Route, Stop

MOST_TECHNICIANS = 20
"""A larger group would keep too many people's rows locked for too long."""


@dataclass(frozen=True)
class Place:
    """Where a plan puts one technician."""

    technician_id: UUID
    starts_at: datetime
    ends_at: datetime
    travel_seconds: int
    depot_id: UUID | None = None
    """Fetches parts or tools there on the way."""


@dataclass(frozen=True)
class Change:
    """One visit that the plan places anew; `after` is empty when it takes the visit off.

    `version` is the visit's when the problem was read, `before` who had it then.
    """

    visit_id: UUID
    version: int
    before: frozenset[UUID]
    after: tuple[Place, ...]

    @property
    def technicians(self) -> frozenset[UUID]:
        return self.before | {place.technician_id for place in self.after}


@dataclass
class Group:
    """Technicians who exchange visits with each other and with nobody else."""

    technicians: set[UUID] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)


def differences(built: Built, plan: Plan) -> list[Change]:
    """What the plan changes. Visits that were promised, sent out or locked are never taken off."""
    found: list[Change] = []
    for visit_id, item in built.planned.items():
        after = places(built, plan, visit_id)
        if not after and (not item.rows or is_protected(built, visit_id)):
            continue
        if not _differs(item.rows, after):
            continue
        before = frozenset(row.technician_id for row in item.rows)
        found.append(Change(visit_id, item.visit.version, before, after))
    return found


def is_protected(built: Built, visit_id: UUID) -> bool:
    """A visit that stays where it is when the plan finds no place for it."""
    item = built.planned[visit_id]
    sent_out = item.visit.status in {VisitStatus.DISPATCHED, VisitStatus.ACCEPTED}
    return bool(item.rows) and (item.booking is not None or sent_out or bool(item.pins))


def places(built: Built, plan: Plan, visit_id: UUID) -> tuple[Place, ...]:
    """The seats that the plan gives a visit, by technician."""
    time = built.epoch.time
    seats = [
        Place(
            built.technician_of(route.shift_id),
            time(stop.start),
            time(stop.end),
            stop.travel_seconds + _fetching(route, stop),
            _passed(route, stop),
        )
        for route, stop in plan.seats(str(visit_id))
    ]
    return tuple(sorted(seats, key=lambda place: place.technician_id))


def _passed(route: Route, stop: Stop) -> UUID | None:
    """The depot passed right before that stop."""
    fetching = route.depot_pass
    if fetching is None or fetching.position != route.stops.index(stop):
        return None
    return UUID(fetching.depot_id)


def _fetching(route: Route, stop: Stop) -> int:
    """Seconds to the depot passed before the stop, and there."""
    fetching = route.depot_pass
    if fetching is None or _passed(route, stop) is None:
        return 0
    return fetching.travel_seconds + route.depot_seconds


def _differs(rows: Sequence[Assignment], after: Sequence[Place]) -> bool:
    now = {(row.technician_id, row.starts_at, row.ends_at, row.depot_id) for row in rows}
    return now != {(it.technician_id, it.starts_at, it.ends_at, it.depot_id) for it in after}


def groups(changes: Iterable[Change], most: int = MOST_TECHNICIANS) -> list[Group]:
    """Groups of at most `most` technicians, unless one crew alone is larger.

    A larger set of people who exchange visits is cut; what then does not fit is left out when
    its group is applied, and is the next plan's matter.
    """
    found: list[Group] = []
    for change in changes:
        touched = [group for group in found if group.technicians & change.technicians]
        together = change.technicians.union(*(group.technicians for group in touched))
        if len(together) <= most:
            found = [group for group in found if group not in touched]
            joined = Group(changes=[item for group in touched for item in group.changes])
            joined.technicians = set(together)
            joined.changes.append(change)
            found.append(joined)
        else:
            _add_to_one(found, touched, change, most)
    return found


def _add_to_one(found: list[Group], touched: Sequence[Group], change: Change, most: int) -> None:
    """Into the group that has most of its people and room for the rest, or one of its own."""
    ranked = sorted(touched, key=lambda group: -len(group.technicians & change.technicians))
    for group in ranked:
        if len(group.technicians | change.technicians) <= most:
            group.technicians |= change.technicians
            group.changes.append(change)
            return
    found.append(Group(set(change.technicians), [change]))
