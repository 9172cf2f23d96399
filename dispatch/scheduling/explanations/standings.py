"""The schedule as it stands, ready to be explained; this process keeps it between questions.

A question first asks the audit trail whether anything was written since that a problem is built
from; so an answer is as new as the question. What leaves no trail (where people are, whom of the
crowd one could ask) is seen after `MOST_AGE_SECONDS` at the latest.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.pins.models import Pin
from dispatch.scheduling.policies.models import Policy
from dispatch.scheduling.problems.build import Built, build_for_plan
from dispatch.scheduling.problems.places import Epoch
from dispatch.scheduling.problems.queries import Demand, StaffDay, load_demand, load_staff
from dispatch.technicians.models import (
    Absence,
    Credential,
    CredentialKind,
    Shift,
    ShiftBreak,
    Technician,
    TechnicianSkill,
)
from dispatch.territories.models import Territory
from dispatch.travel.models import TravelFactor
from dispatch.work_orders.models import Visit, WorkOrder
from kernel.audit import entries_since, last_entry
from kernel.db import Record, is_rolled_back, new_session
from kernel.settings import settings
from optimizer.explaining.pieces import Pieces
from optimizer.explaining.settling import Settled, settle
from optimizer.explaining.space import Spaces
from optimizer.plan import Plan

PEOPLE: tuple[type[Record], ...] = (
    *(Technician, TechnicianSkill, Credential, CredentialKind),
    *(Shift, ShiftBreak, Absence, Territory, Policy),
)
"""What people, their time and the policies for them are read from."""
READ: tuple[type[Record], ...] = (
    *(Customer, Site, WorkOrder, Visit, Assignment, Booking, Pin, TravelFactor),
    *PEOPLE,
)
"""What a problem is built from."""
MOST_AGE_SECONDS = 60.0
MOST_KEPT = 8


@dataclass(frozen=True)
class Standing:
    """The problem of some territories (None: of all), what it was built from, and the plan that
    the schedule is."""

    staff: StaffDay
    demand: Demand
    built: Built
    plan: Plan
    spaces: Spaces
    """What questions about it have packed."""

    @cached_property
    def pieces(self) -> Pieces:
        """What every question about it begins with."""
        return Pieces(self.built.problem, self.plan)

    @classmethod
    def read(
        cls,
        session: Session,
        territory_ids: Collection[UUID] | None,
        start: datetime,
        end: datetime,
        before: "Standing | None" = None,
        *,
        same_people: bool = False,
    ) -> "Standing":
        """`before` is what was read last: what has not changed is neither read nor made nor
        settled again. With `same_people` nothing of `PEOPLE` has changed since."""
        staffed = demanded = known = made = None
        if before is not None:
            staffed, demanded, made = before.staff, before.demand, before.built.made
            known = Settled(before.built.problem, before.built.previous, before.plan)
        staff = load_staff(
            session, territory_ids, start, end, known=staffed, only_stops=same_people
        )
        demand = load_demand(
            session, territory_ids, start, end, known=demanded, same_people=same_people
        )
        built = build_for_plan(staff, demand, start, end, made)
        plan = settle(built.problem, built.previous, known)
        same = before is not None and before.built.epoch.at == built.epoch.at
        return cls(staff, demand, built, plan, before.spaces if before and same else {})


Key = tuple[str, tuple[UUID, ...] | None, int, datetime]


class _Kept:
    """One standing, and how far the audit trail had come when it was read.

    The first reading starts from what is known of another horizon.
    """

    def __init__(self, other: Standing | None) -> None:
        self._lock = threading.Lock()
        self._other = other
        self.standing: Standing | None = None
        self._entry_id = 0
        self._entries: dict[str, int] = {}
        self._read_at = 0.0

    def get(
        self,
        session: Session,
        territory_ids: Collection[UUID] | None,
        start: datetime,
        end: datetime,
    ) -> Standing:
        with self._lock:
            found, now = self.standing, time.monotonic()
            is_old = found is None or now - self._read_at > MOST_AGE_SECONDS
            if found is not None and not is_old and not self._changed(session):
                return found
            entry_id = last_entry(session)
            entries = entries_since(session, entry_id, READ)
            # asked behind that, so that nothing which is counted there is missed here
            same_people = not is_old and self._changed(session).isdisjoint(_tables(PEOPLE))
            with new_session(aside=True) as own:
                found = Standing.read(
                    *(own, territory_ids, start, end, found or self._other),
                    same_people=same_people,
                )
                own.expunge_all()
            self.standing, self._other = found, None
            self._entry_id, self._entries = entry_id, entries
            if not same_people:
                self._read_at = now
            return found

    def _changed(self, session: Session) -> set[str]:
        """The tables changed since it was read."""
        entries = entries_since(session, self._entry_id, READ)
        return {name for name in entries if entries[name] != self._entries.get(name)}


def _tables(models: Collection[type[Record]]) -> set[str]:
    return {model.__tablename__ for model in models}


_kept: OrderedDict[Key, _Kept] = OrderedDict()
_guard = threading.Lock()


def standing(
    session: Session, territory_ids: Collection[UUID] | None, start: datetime, end: datetime
) -> Standing:
    """How things stand from `start` (to the minute) to `end`, as committed.

    Threads share it: nobody may change anything in it.
    """
    if is_rolled_back():
        return Standing.read(session, territory_ids, start, end)
    own = None if territory_ids is None else tuple(sorted(territory_ids))
    key = (settings().database_url, own, Epoch(start).at, end)
    with _guard:
        kept = _kept.pop(key, None) or _Kept(_alike(key))
        _kept[key] = kept
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return kept.get(session, territory_ids, start, end)


def _alike(key: Key) -> Standing | None:
    """The last of the same territories: a minute before, or for other days."""
    return next(
        (kept.standing for known, kept in reversed(_kept.items()) if known[:2] == key[:2]), None
    )
