"""Small problems: what is disrupted and who is near, or one technician's day; every change at
its price."""

from collections.abc import Collection
from uuid import UUID

from dispatch.scheduling.problems.build import Built
from dispatch.scheduling.problems.narrowing import for_repair, for_technician
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
    return Built(part, built.epoch, previous, planned, built.estimated_pairs, bounds=built.bounds)


def day_of(built: Built, technician_id: UUID) -> Built:
    """One technician's shifts with what is on them and what waits; crews stay as they are."""
    part, previous = for_technician(built.problem, built.previous, str(technician_id))
    free = {job.id for job in part.jobs if built.problem.job_by_id[job.id].crew_size == 1}
    planned = {key: item for key, item in built.planned.items() if str(key) in free}
    return Built(part, built.epoch, previous, planned, bounds=built.bounds)
