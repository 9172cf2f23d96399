"""The gaps of many openings side by side in arrays, made once and joined with others cheaply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.gaps import Times
from optimizer.job import Job
from optimizer.opening import ROW, Opening
from optimizer.packed import has_credentials, has_skills
from optimizer.rates import Rates
from optimizer.time_price import NEVER

Flags = NDArray[np.bool_]
NO_BREAK = (NEVER, -NEVER, 0)


@dataclass(frozen=True, slots=True)
class OpeningTable:
    """Columns by shift (`shift`, `home`, `rates`, `breaks`) and by gap (all others).

    `row` is the shift of each gap, `is_last` whether it is the last of its shift. Shifts with
    fewer breaks than others are filled up with breaks that never are.
    """

    openings: tuple[Opening, ...]
    shift: NDArray[np.void]
    home: Times
    rates: Rates
    breaks: Times
    row: Times
    is_last: Flags
    ready: Times
    latest: Times
    before: Times
    after: Times
    trip: Times
    _parts: tuple[OpeningTable, ...] = ()
    _qualified_for: dict[object, Flags] = field(default_factory=dict)

    @classmethod
    def of(cls, openings: Sequence[Opening]) -> OpeningTable:
        """Places are those of the problem that all of them are from."""
        shift = np.array([opening.row for opening in openings], dtype=ROW)
        most = max((len(opening.breaks) for opening in openings), default=0)
        counts = [len(opening.before) for opening in openings]
        row = np.repeat(np.arange(len(counts)), counts)
        breaks = [_padded(opening.breaks[None], most)[0] for opening in openings]
        return cls(
            openings=tuple(openings),
            shift=shift,
            home=shift["home"],
            rates=replace(Rates.of(tuple(o.shift for o in openings)), end=shift["end"]),
            breaks=np.array(breaks, dtype=np.int64).reshape(len(breaks), most, 3),
            row=row,
            is_last=np.diff(row, append=-1) != 0,
            ready=_stacked([_wide(o.ready, most, NEVER) for o in openings], most),
            latest=_stacked([_wide(o.latest, most, -NEVER) for o in openings], most),
            before=_joined([opening.before for opening in openings]),
            after=_joined([opening.after for opening in openings]),
            trip=_joined([opening.trip for opening in openings]),
        )

    @classmethod
    def joined(cls, tables: Sequence[OpeningTable], place_counts: Sequence[int]) -> OpeningTable:
        """All of them as one; the places of each, so many, are counted on from those before."""
        if not tables:
            return cls.of(())
        most = max(table.breaks.shape[1] for table in tables)
        shifts = [len(table.openings) for table in tables]
        gaps = [len(table.row) for table in tables]
        places = np.cumsum([0, *place_counts[:-1]])
        by_gap = np.repeat(places, gaps)
        after = _joined([table.after for table in tables])
        return cls(
            openings=tuple(opening for table in tables for opening in table.openings),
            # as plain numbers: to join structured rows took 3 ms for 100 technicians
            shift=_joined([table.shift.view(np.int64) for table in tables]).view(ROW),
            home=_joined([table.home for table in tables]) + np.repeat(places, shifts),
            rates=Rates.joined([table.rates for table in tables]),
            breaks=np.concatenate([_padded(table.breaks, most) for table in tables]),
            row=_joined([table.row for table in tables])
            + np.repeat(np.cumsum([0, *shifts[:-1]]), gaps),
            is_last=np.concatenate([table.is_last for table in tables]),
            ready=np.concatenate([_wide(table.ready, most, NEVER) for table in tables]),
            latest=np.concatenate([_wide(table.latest, most, -NEVER) for table in tables]),
            before=_joined([table.before for table in tables]) + by_gap,
            after=np.where(after >= 0, after + by_gap, -1),
            trip=_joined([table.trip for table in tables]),
            _parts=tuple(tables),
        )

    def qualified(self, job: Job) -> Flags:
        """Shifts whose technicians have the skills and credentials that the job asks for."""
        needs = (job.requirements, job.credentials)
        known = self._qualified_for.get(needs)
        if known is None:
            known = self._qualified_for[needs] = self._find_qualified(job)
        return known

    def _find_qualified(self, job: Job) -> Flags:
        if self._parts:
            return np.concatenate([part.qualified(job) for part in self._parts])
        shifts = (opening.shift for opening in self.openings)
        held = [has_skills(job, shift) and has_credentials(job, shift) for shift in shifts]
        return np.array(held, dtype=bool)


def _joined(parts: Sequence[Times]) -> Times:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _stacked(parts: Sequence[Times], breaks: int) -> Times:
    return np.concatenate(parts) if parts else np.empty((0, breaks + 1), dtype=np.int64)


def _wide(states: Times, breaks: int, absent: int) -> Times:
    """Padded for the breaks that other shifts have."""
    missing = breaks + 1 - states.shape[1]
    return np.pad(states, ((0, 0), (0, missing)), constant_values=absent) if missing else states


def _padded(breaks: Times, most: int) -> Times:
    """Shift by break by (earliest start, latest start, duration), filled up."""
    missing = most - breaks.shape[1]
    if not missing:
        return breaks
    never = np.broadcast_to(np.array(NO_BREAK, dtype=np.int64), (len(breaks), missing, 3))
    return np.concatenate([breaks, never], axis=1)
