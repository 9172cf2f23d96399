"""What a plan would change, in the words of a person who decides about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.changes.grouping import Change, Place
from dispatch.scheduling.problems.build import Built
from dispatch.scheduling.problems.jobs import SAME_SECONDS, Planned, told_start
from dispatch.work_orders.lifecycle import VisitStatus
from optimizer.explaining.settling import settle
from optimizer.job import Job
from optimizer.plan import Plan

TOLERANCE = timedelta(minutes=30)
"""So much earlier or later nobody calls another time."""
SAME = timedelta(seconds=SAME_SECONDS)


class ChangeKind(StrEnum):
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    REASSIGNED = "reassigned"
    MOVED = "moved"


class PromiseKind(StrEnum):
    """The arrival window of a booking, and the person and time of a visit that was sent out."""

    WINDOW = "window"
    TECHNICIAN = "technician"
    TIME = "time"


def difference_to_json(built: Built, plan: Plan, changes: Sequence[Change]) -> dict[str, Any]:
    """The changes and the score by term, of the schedule as it is and of the plan."""
    told = [_change(change, built) for change in changes]
    return {
        "changes": told,
        "promises_broken": sum(len(change["breaks"]) for change in told),
        "score_before": settle(built.problem, built.previous).score.terms(),
        "score_after": plan.score.terms(),
    }


def saving_cents(value: Mapping[str, Any]) -> int:
    """What the plan is better by, broken promises already paid for."""
    before: dict[str, int] = value.get("score_before", {})
    after: dict[str, int] = value.get("score_after", {})
    return sum(before.values()) - sum(after.values())


def moved_starts_cents(built: Built, changes: Sequence[Change]) -> int:
    """The price of the starts that somebody prepares for and that move, earlier or later."""
    total = 0
    for change in changes:
        item = built.planned[change.visit_id]
        start = told_start(item)
        if start is not None and change.after:
            off = min(place.starts_at for place in change.after) - start
            total += item.rules.start_cents if abs(off) > SAME else 0
    return total


def net_saving_cents(value: Mapping[str, Any], built: Built, changes: Sequence[Change]) -> int:
    """What the plan is better by, every move already paid for."""
    return saving_cents(value) - moved_starts_cents(built, changes)


def changes_from_json(value: Mapping[str, Any]) -> list[Change]:
    return [
        Change(
            visit_id=UUID(item["visit_id"]),
            version=item["version"],
            before=frozenset(UUID(seat["technician_id"]) for seat in item["before"]),
            after=tuple(
                Place(
                    UUID(seat["technician_id"]),
                    datetime.fromisoformat(seat["starts_at"]),
                    datetime.fromisoformat(seat["ends_at"]),
                    seat["travel_seconds"],
                )
                for seat in item["after"]
            ),
        )
        for item in value["changes"]
    ]


def kind_of(change: Change) -> ChangeKind:
    if not change.before:
        return ChangeKind.ASSIGNED
    if not change.after:
        return ChangeKind.UNASSIGNED
    same_people = change.before == {place.technician_id for place in change.after}
    return ChangeKind.MOVED if same_people else ChangeKind.REASSIGNED


def broken_promises(change: Change, item: Planned) -> list[PromiseKind]:
    """What was told and would be so no more; what is broken already is not broken again."""
    found: list[PromiseKind] = []
    if _keeps_window(item, [row.starts_at for row in item.rows]):
        after = [place.starts_at for place in change.after]
        if not _keeps_window(item, after):
            found.append(PromiseKind.WINDOW)
    if item.visit.status not in {VisitStatus.DISPATCHED, VisitStatus.ACCEPTED}:
        return found
    if change.before - {place.technician_id for place in change.after}:
        found.append(PromiseKind.TECHNICIAN)
    elif item.booking is None and _is_another_time(item.rows, change.after):
        found.append(PromiseKind.TIME)
    return found


def _keeps_window(item: Planned, starts: Sequence[datetime]) -> bool:
    booking = item.booking
    return (
        booking is not None
        and bool(starts)
        and all(booking.arrival_start <= start <= booking.arrival_end for start in starts)
    )


def _is_another_time(rows: Sequence[Assignment], after: Sequence[Place]) -> bool:
    shift = min(place.starts_at for place in after) - min(row.starts_at for row in rows)
    return abs(shift) > TOLERANCE


def promise_cents(built: Built, change: Change) -> int:
    """What the change adds to the price of broken promises, before weights."""
    job = built.problem.job_by_id[str(change.visit_id)]
    seconds = built.epoch.seconds
    rows = built.planned[change.visit_id].rows
    before = _price(job, [(row.technician_id, seconds(row.starts_at)) for row in rows])
    after = [(place.technician_id, seconds(place.starts_at)) for place in change.after]
    return _price(job, after) - before


def _price(job: Job, seats: Sequence[tuple[UUID, int]]) -> int:
    promise = job.promise
    if promise is None:
        return 0
    missing = set(promise.technician_ids) - {str(key) for key, _ in seats}
    is_kept = promise.window is None or (
        bool(seats) and promise.window.contains(min(start for _, start in seats))
    )
    return len(missing) * promise.technician_cents + (0 if is_kept else promise.window_cents)


def _change(change: Change, built: Built) -> dict[str, Any]:
    item = built.planned[change.visit_id]
    return {
        "visit_id": str(change.visit_id),
        "version": change.version,
        "what": str(kind_of(change)),
        "breaks": [str(kind) for kind in broken_promises(change, item)],
        "promise_cents": promise_cents(built, change),
        "before": [_seat(row.technician_id, row.starts_at, row.ends_at) for row in item.rows],
        "after": [
            _seat(place.technician_id, place.starts_at, place.ends_at)
            | {"travel_seconds": place.travel_seconds}
            for place in change.after
        ],
    }


def _seat(technician_id: UUID, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    return {
        "technician_id": str(technician_id),
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
    }
