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
from optimizer.explaining.settling import Settled, settle
from optimizer.plan import Plan

READ: tuple[type[Record], ...] = (
    *(Customer, Site, WorkOrder, Visit),
    *(Assignment, Booking, Pin, Policy, Territory, TravelFactor),
    *(Technician, TechnicianSkill, Credential, Shift, ShiftBreak, Absence),
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

    @classmethod
    def read(
        cls,
        session: Session,
        territory_ids: Collection[UUID] | None,
        start: datetime,
        end: datetime,
        before: "Standing | None" = None,
    ) -> "Standing":
        """`before` is what was read last: what has not changed is neither read nor settled
        again."""
        staffed = demanded = known = None
        if before is not None:
            staffed, demanded = before.staff, before.demand
            known = Settled(before.built.problem, before.built.previous, before.plan)
        staff = load_staff(session, territory_ids, start, end, known=staffed)
        demand = load_demand(session, territory_ids, start, end, known=demanded)
        built = build_for_plan(staff, demand, start, end)
        return cls(staff, demand, built, settle(built.problem, built.previous, known))


Key = tuple[str, tuple[UUID, ...] | None, int, datetime]


class _Kept:
    """One standing, and how far the audit trail had come when it was read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing: Standing | None = None
        self._entry_id = self._entries = 0
        self._read_at = 0.0

    def get(
        self,
        session: Session,
        territory_ids: Collection[UUID] | None,
        start: datetime,
        end: datetime,
    ) -> Standing:
        with self._lock:
            found = self._standing
            if found is None or not self._is_new(session):
                self._read_at = time.monotonic()
                self._entry_id = last_entry(session)
                self._entries = entries_since(session, self._entry_id, READ)
                with new_session(aside=True) as own:
                    found = self._standing = Standing.read(own, territory_ids, start, end, found)
                    own.expunge_all()
            return found

    def _is_new(self, session: Session) -> bool:
        if time.monotonic() - self._read_at > MOST_AGE_SECONDS:
            return False
        return entries_since(session, self._entry_id, READ) == self._entries


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
        kept = _kept.pop(key, None) or _Kept()
        _kept[key] = kept
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return kept.get(session, territory_ids, start, end)
