"""One day of a territory as it might have gone: what is known, who has what, and who works."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.backtests.history import History
from dispatch.scheduling.backtests.known import Fact, Known
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.changes.grouping import Change
from dispatch.scheduling.problems.queries import STAFF
from dispatch.technicians.models import Absence, Technician
from dispatch.travel.times import travel_times
from dispatch.work_orders.lifecycle import (
    ENDED_VISITS,
    PLANNED_VISITS,
    RUNNING_VISITS,
    VisitStatus,
    WorkOrderStatus,
)
from dispatch.work_orders.models import Prerequisite, SlaPause, Visit, WorkOrder
from kernel.geo import Point

V, A = VisitStatus, AssignmentStatus
BLOCKED = frozenset({WorkOrderStatus.NEW, WorkOrderStatus.ON_HOLD, WorkOrderStatus.CANCELLED})
PROGRESS = frozenset(
    "status at_risk en_route_at on_site_at started_at finished_at report note paused_overnight"
    " incomplete_reason on_duty outcome completed_at held_from met_at".split()
)
"""Columns that tell how the work really went: in another course of the day they say nothing."""
TAKEN = frozenset({A.CONFIRMED, A.ACTIVE, A.DONE})


@dataclass(frozen=True)
class Done:
    """A visit that somebody went to; `cost_cents` only of freelancers, who have their own price."""

    visit_id: UUID
    technician_id: UUID
    starts_at: datetime
    ends_at: datetime
    is_staff: bool = True
    cost_cents: int = 0


class World:
    """Begins as things really stood; from then on its own plans decide."""

    def __init__(self, history: History) -> None:
        self.history, self.known, self.now = history, Known(), history.start
        self.rows: dict[UUID, list[Assignment]] = defaultdict(list)
        self.states: dict[UUID, VisitStatus] = {}
        self.done: list[Done] = []
        self.crowd: set[UUID] = set()
        self._free: dict[UUID, tuple[datetime, Point]] = {}
        self._trips: dict[tuple[UUID, UUID], tuple[datetime, datetime]] = {}
        self._next = 0
        for fact in self._facts_until(history.start):
            self.known.learn(fact)
        self._begin_as_it_stood()

    def _facts_until(self, now: datetime) -> Iterator[Fact]:
        facts = self.history.facts
        while self._next < len(facts) and facts[self._next].at <= now:
            self._next += 1
            yield facts[self._next - 1]

    def _begin_as_it_stood(self) -> None:
        for key, visit in self.known.rows(Visit).items():
            self.states[key] = visit.status
        self._over = {key for key, state in self.states.items() if state in ENDED_VISITS}
        self._cancelled = {key for key, state in self.states.items() if state is V.CANCELLED}
        for row in self.known.rows(Assignment).values():
            if (
                row.status not in (A.CONFIRMED, A.ACTIVE)
                or self.states[row.visit_id] in ENDED_VISITS
            ):
                continue
            if self._is_staff(row.technician_id):
                own = self._assigned(row.visit_id, row.technician_id, row.starts_at, row.ends_at)
                own.status = row.status
                if row.status is A.ACTIVE:
                    visit = self.visit(row.visit_id)
                    self._set_out(own, visit.started_at or visit.on_site_at or row.starts_at)
            else:
                self.crowd.add(row.visit_id)

    def staff(self) -> list[Technician]:
        people = self.known.rows(Technician).values()
        return [who for who in people if who.active and who.employment in STAFF]

    def _is_staff(self, technician_id: UUID) -> bool:
        found = self.known.find(Technician, technician_id)
        return found is not None and found.employment in STAFF

    def visit(self, visit_id: UUID) -> Visit:
        found = self.known.find(Visit, visit_id)
        assert found is not None
        return found

    def order(self, visit_id: UUID) -> WorkOrder:
        found = self.known.find(WorkOrder, self.visit(visit_id).work_order_id)
        assert found is not None
        return found

    def known_status(self, visit_id: UUID) -> VisitStatus:
        """What the real day last said of a visit, as far as it was cancelled; else this course."""
        cancelled = visit_id in self._cancelled
        return V.CANCELLED if cancelled else self.states[visit_id]

    def was_over(self, visit_id: UUID) -> bool:
        """Whether the visit had ended before the day began."""
        return visit_id in self._over

    def bookings(self) -> dict[UUID, Booking]:
        """Every promise of a window that stands, by visit."""
        return {
            booking.visit_id: booking
            for booking in self.known.rows(Booking).values()
            if booking.status is not BookingStatus.CANCELLED
        }

    def blocked_orders(self) -> set[UUID]:
        """Orders that nobody may be sent to now."""
        orders = self.known.rows(WorkOrder)
        blocked = {key for key, order in orders.items() if order.status in BLOCKED}
        waits = self.known.rows(Prerequisite).values()
        pauses = self.known.rows(SlaPause).values()
        blocked |= {item.work_order_id for item in waits if item.done_at is None}
        return blocked | {pause.work_order_id for pause in pauses if pause.ends_at is None}

    def advance(self, now: datetime) -> bool:
        """Learn and work until `now`; gives whether something that a plan looks at changed."""
        changed = False
        for fact in self._facts_until(now):
            self.work_until(fact.at)
            self.known.learn(fact)
            changed |= self._react(fact)
        self.work_until(now)
        return changed

    def _react(self, fact: Fact) -> bool:
        if fact.table == "assignments":
            return self._follow_crowd(fact)
        if fact.table == "visits" and fact.action == "insert":
            self.states[fact.record_id] = V.UNSCHEDULED
            return True
        if fact.table == "visits" and fact.new("status") == V.CANCELLED:
            self._cancelled.add(fact.record_id)
            self.take_off(fact.record_id, V.CANCELLED)
            return True
        if fact.table == "work_orders" and fact.new("status") in BLOCKED:
            self._hold(fact.record_id)
            return True
        if fact.table == "absences" and fact.action == "insert":
            self._release_absent(fact.record_id)
            return True
        return fact.action != "update" or not set(fact.changes) <= PROGRESS

    def _follow_crowd(self, fact: Fact) -> bool:
        """Freelancers take what they really took, when they did, unless one of ours has set out:
        what they would have answered to other offers nobody knows."""
        row = self.known.find(Assignment, fact.record_id)
        if row is None or self._is_staff(row.technician_id):
            return False
        visit_id = row.visit_id
        if row.status in TAKEN and self.states[visit_id] in PLANNED_VISITS | {V.UNSCHEDULED}:
            self.take_off(visit_id, V.UNSCHEDULED)
            self.crowd.add(visit_id)
        elif row.status not in TAKEN:
            self.crowd.discard(visit_id)
        return True

    def _hold(self, order_id: UUID) -> None:
        for key, visit in self.known.rows(Visit).items():
            if visit.work_order_id == order_id and self.states[key] in PLANNED_VISITS:
                self.take_off(key, V.UNSCHEDULED)

    def _release_absent(self, absence_id: UUID) -> None:
        away = self.known.find(Absence, absence_id)
        assert away is not None
        for row in self.rows_of(away.technician_id):
            overlaps = row.starts_at < away.ends_at and row.ends_at > away.starts_at
            if row.status is A.CONFIRMED and overlaps:
                self.take_off(row.visit_id, V.UNSCHEDULED)

    def take_off(self, visit_id: UUID, state: VisitStatus) -> None:
        """Nobody goes there; what is over stays so."""
        if self.states[visit_id] in ENDED_VISITS:
            return
        self.rows[visit_id] = [row for row in self.rows[visit_id] if row.status is A.DONE]
        self.states[visit_id] = state

    def put(self, change: Change) -> None:
        """What a plan changes; a visit that is under way by now stays as it is."""
        visit_id = change.visit_id
        if self.states[visit_id] in RUNNING_VISITS | ENDED_VISITS:
            return
        same = {place.technician_id for place in change.after} == change.before
        state = self.states[visit_id] if same else V.SCHEDULED
        self.rows[visit_id] = []
        for place in change.after:
            self._assigned(visit_id, place.technician_id, place.starts_at, place.ends_at)
        self.states[visit_id] = state if change.after else V.UNSCHEDULED

    def _assigned(
        self, visit_id: UUID, technician_id: UUID, starts_at: datetime, ends_at: datetime
    ) -> Assignment:
        row = Assignment(
            id=UUID(int=visit_id.int ^ technician_id.int),
            visit_id=visit_id,
            seat=len(self.rows[visit_id]) + 1,
            technician_id=technician_id,
            status=A.CONFIRMED,
            starts_at=starts_at,
            ends_at=ends_at,
            travel_seconds=0,
            busy=Range(starts_at, ends_at),
            cost_cents=0,
        )
        self.rows[visit_id].append(row)
        return row

    def rows_of(self, technician_id: UUID) -> list[Assignment]:
        """What the technician has, in order of time, with ways as they are now."""
        own = [row for rows in self.rows.values() for row in rows]
        own = [row for row in own if row.technician_id == technician_id]
        own.sort(key=lambda row: (row.starts_at, row.visit_id))
        return own

    def work_until(self, now: datetime, *, begin: bool = True) -> None:
        """Everybody does what is planned, in order, and takes as long as it really took."""
        by_technician: dict[UUID, list[Assignment]] = defaultdict(list)
        for rows in self.rows.values():
            for row in rows:
                if row.status in (A.CONFIRMED, A.ACTIVE):
                    by_technician[row.technician_id].append(row)
        for technician_id in sorted(by_technician):
            own = by_technician[technician_id]
            own.sort(key=lambda row: (row.status is not A.ACTIVE, row.starts_at, row.visit_id))
            for row in own:
                if row.status is A.CONFIRMED and not (begin and self._can_leave(row, now)):
                    break
                if not self._has_ended(row, now):
                    break
        self.now = max(self.now, now)

    def where(self, technician_id: UUID) -> tuple[datetime, Point]:
        """Since when, and where, the technician has nothing in hand."""
        person = self.known.find(Technician, technician_id)
        assert person is not None
        home = Point(person.latitude, person.longitude)
        return self._free.get(technician_id, (self.history.start, home))

    def _can_leave(self, row: Assignment, now: datetime) -> bool:
        free_at, place = self.where(row.technician_id)
        target = self.history.place(self.visit(row.visit_id).site_id)
        way = timedelta(seconds=travel_times().between(place, target))
        leaves = max(row.starts_at - way, free_at)
        if leaves > now:
            return False
        row.travel_seconds = int(way.total_seconds())
        self._set_out(row, leaves + way)
        return True

    def _set_out(self, row: Assignment, starts_at: datetime) -> None:
        """The row keeps the times planned, as it does in the schedule."""
        row.status = A.ACTIVE
        self.states[row.visit_id] = V.EN_ROUTE
        person = self.known.find(Technician, row.technician_id)
        assert person is not None
        usual = self.history.work.get(row.visit_id)
        took = row.ends_at - row.starts_at if usual is None else usual * 100 / person.speed_pct
        ends_at = starts_at + max(took, timedelta(minutes=1))
        self._trips[row.visit_id, row.technician_id] = starts_at, ends_at

    def stay(self, row: Assignment) -> tuple[datetime, datetime] | None:
        """When the work of somebody who set out begins and ends; no plan is shown the future."""
        return self._trips.get((row.visit_id, row.technician_id))

    def _has_ended(self, row: Assignment, now: datetime) -> bool:
        visit, (starts_at, ends_at) = row.visit_id, self._trips[row.visit_id, row.technician_id]
        if starts_at <= now:
            self.states[visit] = V.IN_PROGRESS
        if ends_at > now:
            return False
        row.status = A.DONE
        self._free[row.technician_id] = (ends_at, self.history.place(self.visit(visit).site_id))
        self.done.append(Done(visit, row.technician_id, starts_at, ends_at))
        if all(other.status is A.DONE for other in self.rows[visit]):
            self.states[visit] = V.COMPLETED
        return True
