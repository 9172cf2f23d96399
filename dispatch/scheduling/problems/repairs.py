"""The problem of a repair: what is disrupted and who is near, with every change at its price."""

from collections.abc import Collection
from uuid import UUID

from dispatch.scheduling.problems.build import Built
from dispatch.scheduling.problems.narrowing import for_repair
from dispatch.scheduling.problems.queries import StaffDay


def around(built: Built, staff: StaffDay, visit_ids: Collection[UUID]) -> Built:
    """What is needed to put these visits right, and what follows them on the same routes."""
    wanted = set(visit_ids)
    holders = {
        str(technician_id)
        for technician_id, stops in staff.stops.items()
        if any(stop.visit.id in wanted for stop in stops)
    }
    ids = {str(key) for key in wanted}
    part, previous = for_repair(built.problem, built.previous, ids, holders)
    known = {job.id for job in part.jobs}
    planned = {key: item for key, item in built.planned.items() if str(key) in known}
    return Built(part, built.epoch, previous, planned, built.estimated_pairs)
