"""What binds several shifts of one person: the rest between two days, and the hours of a week."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from dispatch.scheduling.problems.places import Epoch
from dispatch.technicians.queries import TechnicianForPlanning
from dispatch.technicians.working_time.weeks import WeekHours
from optimizer.problem import Hours
from optimizer.shift import Shift


def rested(person: TechnicianForPlanning, shifts: Iterable[Shift]) -> list[Shift]:
    """The shifts, in order of time, with the rest that is due before each new day.

    Where somebody answers for less, what is left between the two shifts.
    """
    own = sorted(shifts, key=lambda shift: shift.start)
    found = own[:1]
    for before, shift in pairwise(own):
        room = person.rooms.get(_shift_id(shift))
        due = 0
        if room is not None and _shift_id(before) != _shift_id(shift):
            due = int(room.rest.total_seconds())
        rest = min(due, shift.start - before.latest_end)
        found.append(replace(shift, rest_seconds=max(rest, 0)))
    return found


def within_weeks(
    person: TechnicianForPlanning, shifts: Iterable[Shift], epoch: Epoch
) -> tuple[list[Shift], list[Hours]]:
    """The shifts with their share of the week's hours, and the weeks.

    A piece of a shift has the part of its share that its length gives; what was used of a shift
    that has begun is taken off.
    """
    found, hours = list(shifts), list[Hours]()
    for week in person.weeks:
        inside = range(epoch.seconds(week.starts_at), epoch.seconds(week.ends_at))
        own = [shift for shift in found if shift.start in inside]
        if not any(_shift_id(shift) in week.shares for shift in own):
            continue
        shared = {shift.id: _most(shift, own, person, week, epoch) for shift in own}
        found = [
            replace(shift, max_work_seconds=shared[shift.id]) if shift.id in shared else shift
            for shift in found
        ]
        here = {_shift_id(shift) for shift in own}
        elsewhere = sum(int(s.total_seconds()) for key, s in week.shares.items() if key not in here)
        free = sum(shared[shift.id] for shift in own if _shift_id(shift) not in week.shares)
        most = max(int(week.most.total_seconds()) - elsewhere + free, sum(shared.values()))
        hours.append(Hours(str(person.technician.id), inside.start, inside.stop, most))
    return found, hours


def _most(
    shift: Shift, own: Iterable[Shift], person: TechnicianForPlanning, week: WeekHours, epoch: Epoch
) -> int:
    length = shift.latest_end - shift.start
    share = week.shares.get(_shift_id(shift))
    if share is None:
        return length
    began = next(s.starts_at for s in person.shifts if s.id == _shift_id(shift))
    left = int(share.total_seconds()) + min(0, epoch.seconds(began))
    pieces = sum(s.end - s.start for s in own if _shift_id(s) == _shift_id(shift))
    return max(0, min(length, left * (shift.end - shift.start) // pieces))


def _shift_id(shift: Shift) -> UUID:
    return UUID(shift.id.partition(":")[0])
