"""Planning a past day again, step by step, with the same problems and optimizer as today's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.backtests.history import AHEAD, History
from dispatch.scheduling.backtests.world import Done, World
from dispatch.scheduling.changes.grouping import differences
from dispatch.scheduling.changes.steadiness import keep_times
from dispatch.scheduling.plans.service import HEAD_START
from dispatch.scheduling.policies.queries import Dispatchable, Policies
from dispatch.scheduling.policies.service import is_due
from dispatch.scheduling.problems.build import Built, build_for_plan
from dispatch.scheduling.problems.queries import Demand, PlannedStop, StaffDay, arrive_by
from dispatch.technicians.models import Absence, Credential, Shift, ShiftBreak, TechnicianSkill
from dispatch.technicians.queries import TechnicianForPlanning
from dispatch.work_orders.lifecycle import PLANNED_VISITS, RUNNING_VISITS, VisitStatus
from dispatch.work_orders.queries import OpenVisit
from optimizer.check import check
from optimizer.plan import Plan
from optimizer.problem import Problem

STEP = timedelta(minutes=15)
"""As often as regular plans are made."""
EMERGENCY = 5
LATE_WORK = timedelta(hours=12)
Solve = Callable[[Problem, Plan], Plan]
"""A plan from a problem and the schedule as it stands; the same for the same."""


def run_day(history: History, policies: Policies, solve: Solve) -> World:
    """The day from its first minute to its last under these policies."""
    world = World(history)
    waiting = True
    for now in moments(history):
        changed = world.advance(now)
        if changed or waiting:
            plan(world, policies, now, solve)
        waiting = any(state is VisitStatus.UNSCHEDULED for state in world.states.values())
        _dispatch(world, policies, now)
    world.work_until(history.end)
    world.work_until(history.end + LATE_WORK, begin=False)
    world.done += _by_freelancers(world)
    return world


def moments(history: History) -> list[datetime]:
    """Every quarter of an hour, and at once when an emergency comes in."""
    steps = int((history.end - history.start) / STEP)
    found = {history.start + STEP * number for number in range(steps)}
    found |= {
        fact.at
        for fact in history.facts
        if fact.table == "visits"
        and fact.action == "insert"
        and fact.at > history.start
        and fact.changes.get("priority", 0) >= EMERGENCY
    }
    return sorted(found)


def plan(world: World, policies: Policies, now: datetime, solve: Solve) -> None:
    """Look at what is known now, solve, and follow it as far as it is legal."""
    built = problem_at(world, policies, now)
    if not built.planned or not built.problem.shifts:
        return
    solution = solve(built.problem, built.previous)
    if check(built.problem, solution):
        return
    for change in differences(built, keep_times(built.problem, solution, built.starts())):
        world.put(change)


def problem_at(world: World, policies: Policies, now: datetime) -> Built:
    """The problem that would have been solved at that moment."""
    start = now + HEAD_START
    end = now + AHEAD
    _tell_states(world)
    staff = StaffDay(_people(world, start, end), _stops(world), policies)
    return build_for_plan(staff, _demand(world, end), start, end)


def _tell_states(world: World) -> None:
    """Visits say what happened to them in this course of the day, not in the real one."""
    for visit_id, state in world.states.items():
        visit = world.visit(visit_id)
        visit.status, visit.paused_overnight = state, False
        visit.started_at = visit.on_site_at = visit.finished_at = None
        for row in world.rows[visit_id]:
            stay = world.stay(row)
            if stay is None or stay[0] > world.now:
                continue
            visit.started_at = visit.on_site_at = stay[0]
            if row.status is AssignmentStatus.DONE:
                visit.finished_at = stay[1]


def _people(world: World, start: datetime, end: datetime) -> list[TechnicianForPlanning]:
    known = world.known
    breaks = known.rows(ShiftBreak).values()
    found: list[TechnicianForPlanning] = []
    for person in sorted(world.staff(), key=lambda person: person.id):
        shifts = [
            shift
            for shift in known.rows(Shift).values()
            if shift.technician_id == person.id and shift.starts_at < end and shift.ends_at > start
        ]
        for shift in shifts:
            shift.breaks = [pause for pause in breaks if pause.shift_id == shift.id]
        found.append(
            TechnicianForPlanning(
                technician=person,
                skills=[
                    held
                    for held in known.rows(TechnicianSkill).values()
                    if held.technician_id == person.id
                ],
                credentials=[
                    held
                    for held in known.rows(Credential).values()
                    if held.technician_id == person.id
                ],
                shifts=sorted(shifts, key=lambda shift: shift.starts_at),
                absences=[
                    away
                    for away in known.rows(Absence).values()
                    if away.technician_id == person.id
                    and away.starts_at < end
                    and away.ends_at > start
                ],
            )
        )
    return found


def _stops(world: World) -> dict[UUID, list[PlannedStop]]:
    found: dict[UUID, list[PlannedStop]] = {}
    for visit_id, rows in world.rows.items():
        for row in rows:
            visit = world.visit(visit_id)
            stop = PlannedStop(row, visit, world.history.sites[visit.site_id])
            found.setdefault(row.technician_id, []).append(stop)
    for stops in found.values():
        stops.sort(key=lambda stop: (stop.row.starts_at, stop.visit.id))
    return found


def _demand(world: World, end: datetime) -> Demand:
    blocked = world.blocked_orders()
    open_visits: list[OpenVisit] = []
    for visit_id, state in world.states.items():
        visit = world.visit(visit_id)
        if state not in PLANNED_VISITS | {VisitStatus.UNSCHEDULED} or visit_id in world.crowd:
            continue
        later = any(at is not None and at >= end for at in (visit.earliest_at, visit.window_start))
        if visit.work_order_id in blocked or (later and not world.rows[visit_id]):
            continue
        site = world.history.sites[visit.site_id]
        open_visits.append(OpenVisit(visit, world.order(visit_id), site))
    open_visits.sort(
        key=lambda item: (
            -item.visit.priority,
            item.visit.due_at is None,
            item.visit.due_at,
            item.visit.id,
        )
    )
    bookings = world.bookings()
    return Demand(
        visits=open_visits,
        rows={key: rows for key, rows in world.rows.items() if rows},
        bookings=bookings,
        arrive_by=arrive_by(open_visits, bookings, {}),
        pins={},
        preferred=world.history.preferred,
        loads=world.history.loads,
        crowd={},
    )


def _dispatch(world: World, policies: Policies, now: datetime) -> None:
    """Send out what the policy says is due; that locks it."""
    zone = ZoneInfo(world.history.zone)
    rules = policies.of(world.history.territory_id)
    in_hand = {
        row.technician_id
        for key, rows in world.rows.items()
        for row in rows
        if world.states[key] in RUNNING_VISITS | {VisitStatus.DISPATCHED}
    }
    planned = [
        (rows[0].starts_at, key, rows[0])
        for key, rows in world.rows.items()
        if rows and world.states[key] is VisitStatus.SCHEDULED
    ]
    for _, visit_id, row in sorted(planned, key=lambda item: item[:2]):
        item = Dispatchable(
            visit_id,
            row.technician_id,
            world.history.territory_id,
            row.starts_at,
            row.busy.lower or row.starts_at,
            zone,
        )
        if is_due(rules, item, now, has_one=row.technician_id in in_hand):
            in_hand.add(row.technician_id)
            world.states[visit_id] = VisitStatus.DISPATCHED


def _by_freelancers(world: World) -> list[Done]:
    """What they took goes as it really did."""
    return [
        Done(
            real.visit_id, real.technician_id, real.starts_at, real.ends_at, False, real.cost_cents
        )
        for real in world.history.real
        if real.visit_id in world.crowd and not real.is_staff
    ]
