"""The snapshots of this process, one per territory: read once, then kept in step by events.

Before each answer the event log says what was committed since, and only the technicians named
there are read again; so an answer is as new as the question, in every process, whether or not
the relay is running. When most of a large snapshot has changed at once (a plan was applied), it is
read aside for some seconds, and answers come from the one before meanwhile. What publishes no
event (where somebody is just now, a site moved on the map, a change by hand in the database) is
seen after `MOST_AGE_SECONDS` and the time of reading. Whoever takes a place checks it in the
database again.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dispatch.scheduling.policies.queries import Policies, policies_in_force
from dispatch.scheduling.problems.queries import load_staff, load_stops, loads_before
from dispatch.scheduling.problems.shares import shares_of
from dispatch.scheduling.snapshots.calendar import Span
from dispatch.scheduling.snapshots.groups import grouped
from dispatch.scheduling.snapshots.queries import Change, changes_since, technicians_of
from dispatch.scheduling.snapshots.snapshot import Snapshot, View
from dispatch.technicians.queries import versions_of
from dispatch.territories.queries import list_territories
from kernel import clock
from kernel.db import is_rolled_back, reading
from kernel.log import get_logger
from kernel.settings import settings

log = get_logger(__name__)

MOST_AGE_SECONDS = 600.0
FOLLOWED_SECONDS = 0.2
"""Whoever is shown what is older has the events followed aside, if nobody is at it already; more
often, and a third of the processor's time went into following."""
AHEAD = timedelta(days=7)
"""What is read at least, so that the next question does not ask for more."""
LARGE = 300
"""Above so many visits reading takes too long for somebody to wait (about 0.6 ms a visit)."""
MOST_VISITS = 60_000
"""Snapshots together hold at most this many visits; those not asked for longest go first."""

BEFORE = timedelta(hours=36)
"""What lies so long before a window does not decide whether it can be kept."""

NOWHERE = 2**62
"""A position behind every event."""

Key = tuple[str, UUID | None]


def around_of(span: Span, now: datetime) -> Span:
    """The time that decides what can be done in the span."""
    return Span(max(now, span.start - BEFORE), span.end)


@dataclass(frozen=True)
class _Read:
    """What was read at once, and which events are in it."""

    snapshot: Snapshot
    position: int
    followed: set[int]
    at: float


@dataclass(frozen=True)
class _Shown:
    """A view that was answered from, up to which end it reaches, and when it was in step."""

    view: View
    end: datetime
    checked_at: float

    def serves(self, now: datetime, end: datetime, since: float) -> bool:
        return self.checked_at >= since and end <= self.end and self.view.stands_at(now)


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
        self._renewal: threading.Thread | None = None
        self._shown: _Shown | None = None

    @property
    def visits(self) -> int:
        return 0 if self._snapshot is None else self._snapshot.visits

    def view(self, now: datetime, end: datetime, most_age_seconds: float = 0.0) -> View:
        asked_at, shown = time.monotonic(), self._shown
        oldest = asked_at - most_age_seconds
        if shown is not None and shown.serves(now, end, oldest):
            # nobody waits for the events: to follow them takes as long as some answers
            if shown.checked_at < asked_at - FOLLOWED_SECONDS and not self._lock.locked():
                threading.Thread(target=self._follow_aside, args=(now, end), daemon=True).start()
            return shown.view
        with self._lock:
            return self._view(now, end, asked_at, oldest)

    def _follow_aside(self, now: datetime, end: datetime) -> None:
        asked_at = time.monotonic()
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._view(now, end, asked_at, asked_at - FOLLOWED_SECONDS)
        except DBAPIError as error:
            log.warning("snapshot_not_followed", why=str(error))
        finally:
            self._lock.release()

    def _view(self, now: datetime, end: datetime, asked_at: float, oldest: float) -> View:
        snapshot = self._snapshot
        if snapshot is None or self._until is None or self._until < end:
            snapshot = self._read(now, max(end, now + AHEAD))
        elif self._checked_at < oldest:
            snapshot = self._follow(snapshot, now)
        if asked_at - self._read_at > MOST_AGE_SECONDS:
            snapshot = self._renew(snapshot, now)
        view = snapshot.at(now)
        assert self._until is not None
        self._shown = _Shown(view, self._until, self._checked_at)
        return view

    def view_of(
        self, session: Session, technician_ids: Collection[UUID], span: Span, now: datetime
    ) -> View | None:
        """What is remembered of them, where the database still says the same, with the stops it
        has for them now; None when it says something else, or that day has begun for somebody."""
        shown = self._shown  # without the lock: whoever follows the events would have it
        if shown is None or shown.end < span.end:
            return None
        known = {key: shown.view.calendars.get(key) for key in technician_ids}
        own = [calendar for calendar in known.values() if calendar is not None]
        if len(own) < len(known) or any(calendar.has_begun(span, now) for calendar in own):
            return None
        around = around_of(span, now)
        remembered = {version for calendar in own for version in calendar.versions(*around)}
        if remembered != versions_of(session, technician_ids, *around):
            return None
        before = [stop for calendar in own for stop in calendar.stops]
        stops = load_stops(session, technician_ids, now, shown.end, before)
        present = {
            each.technician_id: each.with_stops(stops.get(each.technician_id, []), now)
            for each in own
        }
        groups = grouped([present[key].at(now) for key in sorted(present)])
        return View(groups, shown.view.policies, now)

    def _read(self, now: datetime, end: datetime) -> Snapshot:
        return self._take_over(self._load(now, end), end)

    def _load(self, now: datetime, end: datetime) -> _Read:
        started_at = time.monotonic()
        with reading() as session:
            position, changes = changes_since(session, NOWHERE)
            staff = load_staff(session, self._territories, now, end)
            loads = loads_before(session, self._territories, now)
            session.expunge_all()
        staff = replace(staff, shares=shares_of(staff.people, loads))
        followed = {change.event_id for change in changes}
        return _Read(Snapshot(staff, now), position, followed, started_at)

    def _take_over(self, read: _Read, until: datetime) -> Snapshot:
        self._snapshot, self._position, self._followed = read.snapshot, read.position, read.followed
        self._read_at = self._checked_at = read.at
        self._until = until
        return read.snapshot

    def _renew(self, snapshot: Snapshot, now: datetime) -> Snapshot:
        """Read all of it anew: a large one aside, while questions are answered from the old one."""
        assert self._until is not None
        until = max(self._until, now + AHEAD)
        if snapshot.visits <= LARGE:
            return self._read(now, until)
        if self._renewal is None or not self._renewal.is_alive():
            self._renewal = threading.Thread(target=self._renew_aside, args=(now, until))
            self._renewal.daemon = True
            self._renewal.start()
        return snapshot

    def _renew_aside(self, now: datetime, until: datetime) -> None:
        try:
            read = self._load(now, until)
        except DBAPIError as error:
            log.warning("snapshot_not_renewed", why=str(error))
            return
        read.snapshot.at(now)
        with self._lock:
            self._take_over(read, until)
            self._shown = None

    def _follow(self, snapshot: Snapshot, now: datetime) -> Snapshot:
        """Read again what events name; all of it when that is most of it."""
        assert self._until is not None
        started_at = time.monotonic()
        self._snapshot = None  # until all of it is done, whatever goes wrong
        with reading() as session:
            position, changes = changes_since(session, self._position)
            fresh = [change for change in changes if change.event_id not in self._followed]
            touched = self._touched(session, snapshot, fresh)
            is_most = 2 * len(touched) > len(snapshot.technician_ids)
            if touched and not is_most:
                self._read_again(session, snapshot, touched, fresh, now)
        self._snapshot = snapshot
        if is_most:
            return self._renew(snapshot, now)
        # those without a position come again until they have one
        self._followed -= {change.event_id for change in changes if change.is_numbered}
        self._followed |= {change.event_id for change in fresh if not change.is_numbered}
        self._position, self._checked_at = position, started_at
        return snapshot

    def _read_again(
        self,
        session: Session,
        snapshot: Snapshot,
        touched: set[UUID],
        changes: Sequence[Change],
        now: datetime,
    ) -> None:
        assert self._until is not None
        if all(change.concerns_visits_alone for change in changes):
            known = snapshot.stops_of(touched)
            stops = load_stops(session, touched, now, self._until, known)
            session.expunge_all()
            snapshot.put_stops(stops, touched, now)
            return
        territories = self._territories
        staff = load_staff(session, territories, now, self._until, technician_ids=touched)
        session.expunge_all()
        snapshot.put(staff, touched, now)

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


def prefill() -> None:
    """Read the schedule of every territory before somebody asks."""
    with reading() as session:
        now = clock.now(session)
        keys = [territory.id for territory in list_territories(session)]
    for key in keys:
        _kept_for(key).view(now, now + AHEAD)


def view(
    session: Session,
    territory_id: UUID | None,
    now: datetime,
    end: datetime,
    *,
    most_age_seconds: float = 0.0,
) -> View:
    """How the staff of a territory (None: of all) is planned from `now` to at least `end`.

    What was committed `most_age_seconds` before the question is in it for certain; of what
    `session` itself has not committed nothing is.
    """
    if is_rolled_back():
        territories = None if territory_id is None else [territory_id]
        return Snapshot(load_staff(session, territories, now, end), now).at(now)
    return _kept_for(territory_id).view(now, end, most_age_seconds)


def policies(
    session: Session,
    territory_id: UUID | None,
    now: datetime,
    end: datetime,
    *,
    most_age_seconds: float = 0.0,
) -> Policies:
    """What `view` was priced by; where that would be read first, what holds now."""
    if is_rolled_back() or most_age_seconds <= 0:
        return policies_in_force(session)
    return _kept_for(territory_id).view(now, end, most_age_seconds).policies


def view_of(
    session: Session,
    territory_id: UUID | None,
    technician_ids: Collection[UUID],
    span: Span,
    now: datetime,
) -> View:
    """How these technicians, who are locked, are planned in the span by what the database says.

    What this process remembers of them is compared with the versions of their records, in two
    SELECTs; where they differ everything is read.
    """
    found = None
    if not is_rolled_back():
        found = _kept_for(territory_id).view_of(session, technician_ids, span, now)
    if found is None:
        around = around_of(span, now)
        staff = load_staff(session, None, *around, technician_ids=technician_ids)
        found = Snapshot(staff, now).at(now)
    return found


def _kept_for(territory_id: UUID | None) -> _Kept:
    key = (settings().database_url, territory_id)
    with _guard:
        kept = _kept.pop(key, None) or _Kept(territory_id)
        _kept[key] = kept
        while len(_kept) > 1 and sum(one.visits for one in _kept.values()) > MOST_VISITS:
            _kept.popitem(last=False)
    return kept
