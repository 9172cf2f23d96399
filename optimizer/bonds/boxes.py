"""How far each bound job may move by itself without breaking a bond, whatever the others do.

A box is a span of starts and some shifts. Where one job follows another, the time between them
that neither needs is shared out, so that the compiled search may move both without asking.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from optimizer.binding import Bonds, Leeway, Order, Seat, Seats
from optimizer.bond import Together
from optimizer.time_price import NEVER

SHARES = (0.0, 0.5, 1.0)
"""Of the time to spare how much the job before gets; another one each time it is shared out."""


def boxes_of(
    bonds: Bonds, group: Iterable[int], seats: Seats, dice: random.Random
) -> dict[int, Leeway]:
    """A box around each seat of the group; everything within these boxes keeps the bonds."""
    boxes = {job: _alone(bonds, job, seats) for job in group if job in seats}
    for job in list(boxes):
        for order in bonds.befores.get(job, ()):
            _share_out(bonds, order, boxes, seats, dice)
    return boxes


def is_rigid(bonds: Bonds, job: int) -> bool:
    """Crews and stays move as wholes or not at all; facts never."""
    crew = bonds.packed.jobs[job].crew_size > 1
    return crew or job in bonds.facts or bonds.together.get(job) is Together.STAY


def _alone(bonds: Bonds, job: int, seats: Seats) -> Leeway:
    seat = seats[job]
    if is_rigid(bonds, job):
        return Leeway(seat.start, seat.start, seat.shifts)
    leeway = Leeway(-NEVER, NEVER, tuple(bonds.packed.able[job].tolist()))
    if job in bonds.bundle and any(m in seats for m in bonds.bundle[job] if m != job):
        leeway = leeway.within(Leeway(-NEVER, NEVER, tuple(bonds.shared(job, seat.shifts))))
    return leeway


def _share_out(
    bonds: Bonds, order: Order, boxes: dict[int, Leeway], seats: Seats, dice: random.Random
) -> None:
    """Cuts both boxes so that the delay stays within its bounds wherever the two are in them."""
    before, after = seats[order.before], seats[order.after]
    spare = after.start - before.end - order.min_delay
    given = _given(bonds, order, spare, dice)
    first = Leeway(-NEVER, before.start + given, _as_quick(bonds, order, before))
    second = Leeway(after.start - spare + given, NEVER, boxes[order.after].shifts)
    if order.max_delay < NEVER:
        spare = before.end + order.max_delay - after.start
        given = spare - _given(bonds, order, spare, dice)
        first = Leeway(before.start - spare + given, first.high, first.shifts)
        second = Leeway(second.low, after.start + given, second.shifts)
    if order.before in boxes:
        boxes[order.before] = boxes[order.before].within(first)
    boxes[order.after] = boxes[order.after].within(second)


def _given(bonds: Bonds, order: Order, spare: int, dice: random.Random) -> int:
    """The seconds of it that the job before gets: all or nothing where the other cannot move."""
    if is_rigid(bonds, order.before):
        return 0
    if is_rigid(bonds, order.after):
        return spare
    return int(spare * dice.choice(SHARES))


def _as_quick(bonds: Bonds, order: Order, seat: Seat) -> tuple[int, ...]:
    """The shifts in which the job before takes no longer; exactly as long where that counts."""
    packed = bonds.packed
    if len(seat.shifts) > 1:
        return seat.shifts
    work = packed.work[order.before]
    needed = seat.end - seat.start
    return tuple(
        s
        for s in packed.able[order.before].tolist()
        if work[s] == needed or (work[s] < needed and order.max_delay >= NEVER)
    )
