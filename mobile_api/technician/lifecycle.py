"""The moves a technician's phone shows: what the visit's table allows and the role may do."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.scheduling.moves.lifecycle import FIELD_MOVES
from dispatch.work_orders.lifecycle import (
    CORRECTION_PERIOD,
    CORRECTIONS,
    VISIT,
    VisitStatus,
)

_V = VisitStatus


@dataclass(frozen=True)
class NextMove:
    """One button on the phone."""

    to: VisitStatus
    needs_reason: bool
    is_correction: bool


def next_moves(
    status: VisitStatus,
    *,
    asked_to_accept: bool,
    last_move_at: datetime | None,
    now: datetime,
) -> list[NextMove]:
    """The legal next moves, the way forward before corrections of a mis-tap just made."""
    is_fresh = last_move_at is not None and now - last_move_at <= CORRECTION_PERIOD
    moves = [
        NextMove(to, needs_reason=to is _V.INCOMPLETE, is_correction=(status, to) in CORRECTIONS)
        for to in VISIT.moves_from(status)
        if is_field_move(status, to) and _fits_role(status, to, asked_to_accept=asked_to_accept)
    ]
    shown = [move for move in moves if is_fresh or not move.is_correction]
    return sorted(shown, key=lambda move: move.is_correction)


def is_field_move(status: VisitStatus, to: VisitStatus) -> bool:
    """May somebody in the field ask for this move at all?"""
    dispatches = to is _V.DISPATCHED and (status, to) not in CORRECTIONS
    return to in FIELD_MOVES and not dispatches


def _fits_role(status: VisitStatus, to: VisitStatus, *, asked_to_accept: bool) -> bool:
    if status is _V.DISPATCHED:
        # Who is asked to accept does that first; staff, and who took an offer, set off at once.
        return to is (_V.ACCEPTED if asked_to_accept else _V.EN_ROUTE)
    if status is _V.EN_ROUTE and to in {_V.ACCEPTED, _V.DISPATCHED}:
        return to is (_V.ACCEPTED if asked_to_accept else _V.DISPATCHED)
    return True
