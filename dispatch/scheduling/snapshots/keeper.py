"""The snapshots of this process, one per territory: read once, then kept in step by events.

Before each answer the event log says what was committed since, and only the technicians named
there are read again; so an answer is as new as the question, in every process, whether or not
the relay is running. What publishes no event (a territory's site moved on the map, a change by
hand in the database) is seen after `MOST_AGE_SECONDS` at the latest, positions of people at work
after `REFRESH` of business time. Whoever takes a place checks it in the database again.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.problems.queries import load_staff
from dispatch.scheduling.snapshots.queries import Change, changes_since, technicians_of
from dispatch.scheduling.snapshots.snapshot import Snapshot, View
from kernel.db import is_rolled_back, new_session
from kernel.settings import settings

MOST_AGE_SECONDS = 600.0
MOST_VISITS = 60_000
"""Snapshots together hold at most this many visits; those not asked for longest go first."""

NOWHERE = 2**62
"""A position behind every event."""

Key = tuple[str, UUID | None]


class _Kept:
    """The snapshot of one territory (None: of all), and how far it has followed the events."""

    def __init__(self, territory_id: UUID | None) -> None:
        self._territory_id = territory_id
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._until: datetime | None = None
        self._position = 0
        self._followed: set[int] = set()
        self._read_at = self._checked_at = 0.0

    @property
    def visits(self) -> int:
        return 0 if self._snapshot is None else self._snapshot.visits

    def view(self, now: datetime, end: datetime) -> View:
        asked_at = time.monotonic()
        with self._lock:
            snapshot = self._snapshot
            if snapshot is None or self._must_be_read(asked_at, end):
                snapshot = self._read(now, end)
            elif self._checked_at < asked_at:
                snapshot = self._follow(snapshot, now)
            return snapshot.at(now)

    def _must_be_read(self, asked_at: float, end: datetime) -> bool:
        too_old = asked_at - self._read_at > MOST_AGE_SECONDS
        return too_old or self._until is None or self._until < end

    def _read(self, now: datetime, end: datetime) -> Snapshot:
        started_at = time.monotonic()
        with new_session(aside=True) as session:
            position, changes = changes_since(session, NOWHERE)
            staff = load_staff(session, self._territories, now, end)
            session.expunge_all()
        snapshot = self._snapshot = Snapshot(staff, now)
        self._position, self._until = position, end
        self._followed = {change.event_id for change in changes}
        self._read_at = self._checked_at = started_at
        return snapshot

    def _follow(self, snapshot: Snapshot, now: datetime) -> Snapshot:
        """Read again what events name; all of it when that is most of it."""
        assert self._until is not None
        started_at = time.monotonic()
        self._snapshot = None  # until all of it is done, whatever goes wrong
        with new_session(aside=True) as session:
            position, changes = changes_since(session, self._position)
            touched = self._touched(session, snapshot, self._unseen(changes))
            if touched and 2 * len(touched) <= len(snapshot.technician_ids):
                staff = load_staff(
                    session, self._territories, now, self._until, technician_ids=touched
                )
                session.expunge_all()
                snapshot.put(staff, touched, now)
        if 2 * len(touched) > len(snapshot.technician_ids):
            return self._read(now, self._until)
        self._snapshot = snapshot
        self._position, self._checked_at = position, started_at
        return snapshot

    def _unseen(self, changes: Sequence[Change]) -> list[Change]:
        """Without those followed already before they had a position."""
        fresh = [change for change in changes if change.event_id not in self._followed]
        self._followed -= {change.event_id for change in changes if change.is_numbered}
        self._followed |= {change.event_id for change in fresh if not change.is_numbered}
        return fresh

    def _touched(
        self, session: Session, snapshot: Snapshot, changes: Sequence[Change]
    ) -> set[UUID]:
        own = {None, self._territory_id}
        if any(change.concerns_everybody for change in changes):
            return snapshot.technician_ids
        touched = {
            change.technician_id
            for change in changes
            if change.technician_id is not None
            and (
                change.technician_id in snapshot
                or self._territory_id is None
                or change.territory_id in own
            )
        }
        visit_ids = {change.visit_id for change in changes if change.visit_id is not None}
        for visit_id in visit_ids:
            touched |= snapshot.holders_of(visit_id)
        return touched | {key for key in technicians_of(session, visit_ids) if key in snapshot}

    @property
    def _territories(self) -> list[UUID] | None:
        return None if self._territory_id is None else [self._territory_id]


_kept: OrderedDict[Key, _Kept] = OrderedDict()
_guard = threading.Lock()


def view(session: Session, territory_id: UUID | None, now: datetime, end: datetime) -> View:
    """How the staff of a territory (None: of all) is planned from `now` to at least `end`.

    Of what `session` itself has not committed nothing is in it.
    """
    if is_rolled_back():
        territories = None if territory_id is None else [territory_id]
        return Snapshot(load_staff(session, territories, now, end), now).at(now)
    key = (settings().database_url, territory_id)
    with _guard:
        kept = _kept.pop(key, None) or _Kept(territory_id)
        _kept[key] = kept
        while len(_kept) > 1 and sum(one.visits for one in _kept.values()) > MOST_VISITS:
            _kept.popitem(last=False)
    return kept.view(now, end)
