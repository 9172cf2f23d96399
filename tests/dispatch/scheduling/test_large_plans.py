"""Large plans: cut into parts, solved by whoever is free, joined once, looked at along the cuts."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.events import PlanPartsFinished, VisitUnserved
from dispatch.scheduling.assignments.queries import assignment_of
from dispatch.scheduling.plans import tasks
from dispatch.scheduling.plans.joining import LEFT_BEHIND, give_up_parts, join
from dispatch.scheduling.plans.lifecycle import PlanKind, PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.queries import list_parts
from dispatch.scheduling.plans.service import MOST_TRIES, approve, begin, request_plan
from dispatch.scheduling.plans.solving import run_approved, run_plan
from dispatch.scheduling.staffing.service import assign
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock, job_runner
from kernel.errors import Unavailable
from kernel.events import EventRow
from kernel.jobs import Job
from kernel.settings import settings
from optimizer.plan import Plan as Solution
from optimizer.problem import Problem
from tests.conftest import Database
from tests.factories.scheduling import (
    MONDAY,
    Town,
    add_technician,
    make_town,
    make_waiting,
    quickly,
)
from tests.factories.territories import BERLIN

P = PlanStatus
HOUR = timedelta(hours=1)
EAST = 0.3
"""Twenty kilometres: the towns share people."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """More than three visits are a large plan; parts are solved quickly."""
    monkeypatch.setenv("FIRSTFIX_PLAN_PART_VISITS", "3")
    monkeypatch.setattr(tasks, "run_plan", lambda plan_id: run_plan(plan_id, quickly))
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def request(session: Session, **more: Any) -> Plan:
    """A plan and no job but its own: what the visits asked for themselves is forgotten."""
    session.execute(delete(Job))
    return request_plan(session, **more)


def two_towns(session: Session, each: int = 3) -> list[Town]:
    """Two territories side by side, one technician and some visits in each."""
    west = make_town(session, technicians=1)
    east = make_town(session, technicians=0)
    add_technician(session, east, longitude=BERLIN[1] + EAST)
    for number in range(each):
        make_waiting(session, west, east=0.01 * number)
        make_waiting(session, east, east=EAST + 0.01 * number)
    return [west, east]


def begun(session: Session, **more: Any) -> tuple[Plan, list[Plan]]:
    """A plan that was cut, with its parts."""
    plan = request(session, **more)
    session.flush()
    assert begin(session, plan.id) is None
    return plan, list(list_parts(session, plan.id))


def finished(session: Session, plan: Plan) -> Plan:
    session.expire_all()
    return session.get_one(Plan, plan.id)


def joins(session: Session) -> int:
    name = PlanPartsFinished.name
    return len(session.scalars(select(EventRow.id).where(EventRow.name == name)).all())


def away(*_: Any, **__: Any) -> Solution:
    raise Unavailable("The optimizer did not answer.")


class TestSplit:
    def test_cuts_a_large_plan_into_jobs_of_its_own(self, session: Session) -> None:
        towns = two_towns(session)
        plan, found = begun(session)
        assert (plan.status, plan.open_parts) == (P.SOLVING, 2)
        assert [part.territory_ids for part in found] == [[t.territory.id] for t in towns]
        jobs = session.scalars(select(Job).where(Job.handler == "scheduling.solve_plan")).all()
        assert {job.queue for job in jobs} == {"planning"}
        assert len(jobs) == 3

    def test_leaves_a_small_one_whole(self, session: Session) -> None:
        two_towns(session, each=1)
        plan = request(session)
        assert begin(session, plan.id) is not None
        assert plan.open_parts == 0

    def test_does_not_cut_twice(self, session: Session) -> None:
        two_towns(session)
        plan, found = begun(session)
        assert begin(session, plan.id) is None
        for part in found:
            run_plan(part.id, quickly)
        session.expire_all()
        assert begin(session, plan.id) is None
        assert len(list_parts(session, plan.id)) == len(found)

    def test_a_part_is_not_taken_for_a_plan_that_waits(self, session: Session) -> None:
        towns = two_towns(session)
        plan, _ = begun(session)
        other = request(session, territory_ids=[towns[0].territory.id])
        assert other.parent_id is None
        assert other.id != plan.id


class TestJoin:
    def test_everything_is_planned_and_summed_up(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        two_towns(session)
        plan = request(session)
        run_jobs()
        plan = finished(session, plan)
        assert (plan.status, plan.open_parts, plan.message) == (P.APPLIED, 0, None)
        assert plan.placed == 6
        assert plan.score is not None
        assert plan.score["total_cents"] == sum(
            cents for term, cents in plan.score.items() if term != "total_cents"
        )
        assert all(v.status is VisitStatus.SCHEDULED for v in session.scalars(select(Visit)))

    def test_the_last_part_joins_and_nobody_else(self, session: Session) -> None:
        two_towns(session)
        plan, found = begun(session)
        for number, part in enumerate(found):
            assert joins(session) == 0
            run_plan(part.id, quickly)
            run_plan(part.id, quickly)
            session.expire_all()
            assert session.get_one(Plan, plan.id).open_parts == len(found) - 1 - number
        assert joins(session) == 1

    def test_joining_again_changes_nothing(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        two_towns(session)
        plan = request(session)
        run_jobs()
        before = finished(session, plan).version
        join(session, plan.id)
        assert finished(session, plan).version == before

    def test_a_border_takes_what_one_side_cannot(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        """The west has work for two days and one day of people; the east has nothing to do."""
        west = make_town(session, technicians=1, days=1, hours=4)
        east = make_town(session, technicians=0)
        add_technician(session, east, days=1, hours=8, longitude=BERLIN[1] + EAST)
        visits = [make_waiting(session, west, east=0.01 * number) for number in range(6)]
        make_waiting(session, east, east=EAST)
        plan = request(session, horizon_end=MONDAY + 9 * HOUR)
        run_jobs()
        parts = list_parts(session, plan.id)
        assert [part.is_border for part in parts] == [False, False, True]
        held = {assignment_of(session, visit.id) for visit in visits}
        assert east.first.id in {row.technician_id for row in held if row is not None}
        assert finished(session, plan).left < parts[0].left

    def test_the_market_hears_after_the_border(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        towns = two_towns(session)
        odd = make_waiting(session, towns[0], skills=[{"skill": "lift", "level": 1}])
        plan = request(session)
        run_jobs()
        assert [item["visit_id"] for item in finished(session, plan).unassigned] == [str(odd.id)]
        told = session.scalars(select(EventRow).where(EventRow.name == VisitUnserved.name)).all()
        tellers = {row.payload["plan_id"] for row in told}
        assert str(plan.id) in tellers
        assert not tellers & {str(part.id) for part in list_parts(session, plan.id)}

    def test_what_a_person_moved_meanwhile_stays(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        towns = two_towns(session)
        _, found = begun(session)
        visit_id = found[0].visit_ids[0]

        def slowly(problem: Problem, **more: Any) -> Solution:
            solution = quickly(problem, **more)
            assign(session, visit_id, [towns[0].first.id], MONDAY + 26 * HOUR, source="dispatcher")
            return solution

        run_plan(found[0].id, slowly)
        row = assignment_of(session, visit_id)
        assert row is not None
        assert row.starts_at == MONDAY + 26 * HOUR
        part = finished(session, found[0])
        assert part.status is P.PARTLY_APPLIED
        assert part.groups[0]["left"][0]["reason"] == "changed_meanwhile"


class TestFailure:
    def test_a_part_at_the_wall_is_tried_again_and_then_left_out(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        two_towns(session)
        plan, found = begun(session)
        for _ in range(MOST_TRIES - 1):
            with pytest.raises(Unavailable):
                run_plan(found[0].id, away)
            assert finished(session, found[0]).status is P.SOLVING
        run_plan(found[0].id, away)
        assert finished(session, found[0]).status is P.FAILED
        run_jobs()
        plan = finished(session, plan)
        assert plan.status is P.PARTLY_APPLIED
        assert plan.message is not None
        assert "1 of 2 parts have no plan" in plan.message
        assert plan.placed == 3

    def test_a_part_whose_process_dies_each_time_is_given_up(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        two_towns(session)
        _, found = begun(session)
        for _ in range(MOST_TRIES):
            assert begin(session, found[0].id) is not None
        assert begin(session, found[0].id) is None
        assert finished(session, found[0]).status is P.FAILED

    def test_a_part_that_breaks_rules_is_refused_alone(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        def wrong(problem: Problem, **more: Any) -> Solution:
            good = quickly(problem, **more)
            return Solution(good.routes[:1] + good.routes[:1], good.unassigned, good.score)

        two_towns(session)
        plan, found = begun(session)
        run_plan(found[0].id, wrong)
        assert finished(session, found[0]).status is P.REFUSED
        run_jobs()
        assert finished(session, plan).status is P.PARTLY_APPLIED

    def test_without_any_part_the_plan_has_failed(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        two_towns(session)
        plan, found = begun(session)
        for part in found:
            part.tries = MOST_TRIES
            session.flush()
            begin(session, part.id)
        run_jobs()
        assert finished(session, plan).status is P.FAILED

    def test_a_part_that_no_worker_took_does_not_hold_up_the_rest(self, session: Session) -> None:
        two_towns(session)
        plan, found = begun(session)
        run_plan(found[0].id, quickly)
        clock.freeze(session, MONDAY + LEFT_BEHIND + timedelta(minutes=1))
        give_up_parts(session)
        assert finished(session, found[1]).status is P.FAILED
        assert finished(session, plan).open_parts == 0


class TestDraft:
    def test_parts_become_one_draft_that_is_applied_whole(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        two_towns(session)
        plan = request(session, kind=PlanKind.DRAFT)
        run_jobs()
        plan = finished(session, plan)
        assert plan.status is P.DRAFTED
        assert plan.difference is not None
        assert len(plan.difference["changes"]) == 6
        assert {part.status for part in list_parts(session, plan.id)} == {P.DROPPED}
        assert not session.scalars(
            select(Visit).where(Visit.status == VisitStatus.SCHEDULED)
        ).first()
        approve(session, plan.id)
        run_approved(plan.id)
        assert finished(session, plan).status is P.APPLIED
        assert plan.placed == 6


@pytest.fixture
def large(database: Database, small_parts: None) -> tuple[Database, UUID]:
    with database.transaction() as session:
        for _ in range(2):
            two_towns(session)
        plan = request(session)
        return database, plan.id


def waiting_jobs(database: Database) -> list[int]:
    with database.transaction() as session:
        names = ["scheduling.solve_plan", "scheduling.join_plan"]
        chosen = select(Job.id).where(Job.handler.in_(names), Job.status == "waiting")
        return list(session.scalars(chosen.order_by(Job.id)))


WORKER = """
import sys
from dispatch.scheduling.plans import tasks
from dispatch.scheduling.plans.solving import run_plan
from kernel import job_runner
from server import registry, wiring
from tests.factories.scheduling import quickly

registry.load()
wiring.connect()
tasks.run_plan = lambda plan_id: run_plan(plan_id, quickly)
print(*[job_runner.run(int(key)) for key in sys.argv[1:]])
"""


class TestWorkers:
    """Real jobs, really committed, by several workers at once."""

    def test_many_workers_join_once(self, large: tuple[Database, UUID]) -> None:
        database, plan_id = large
        while jobs := waiting_jobs(database):
            threads = [
                threading.Thread(target=job_runner.run, args=(key,)) for key in jobs for _ in (1, 2)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        with database.transaction() as session:
            plan = session.get_one(Plan, plan_id)
            assert (plan.status, plan.open_parts, plan.placed >= 12) == (P.APPLIED, 0, True)
            borders = any(part.is_border for part in list_parts(session, plan_id))
            assert joins(session) == 1 + borders

    def test_a_killed_worker_loses_nothing_to_another_process(
        self, large: tuple[Database, UUID]
    ) -> None:
        """One process dies after its part is in the schedule and before its job says so."""
        database, plan_id = large
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        [first] = waiting_jobs(database)
        assert job_runner.run(first) == "done"
        jobs = list(map(str, waiting_jobs(database)))
        assert len(jobs) > 1
        dying = {**environment, "FIRSTFIX_FAILPOINTS": "worker.after_outside=kill"}
        command = [sys.executable, "-c", WORKER]
        killed = subprocess.run([*command, jobs[0]], env=dying, timeout=300, check=False)
        assert killed.returncode == -9
        other = subprocess.run(
            [*command, *jobs], env=environment, timeout=300, check=True, capture_output=True
        )
        assert other.stdout.split()[0] == b"skipped"
        with database.transaction() as session:
            job = session.get_one(Job, int(jobs[0]))
            job.status = "waiting"
        while more := waiting_jobs(database):
            assert {job_runner.run(key) for key in more} == {"done"}
        with database.transaction() as session:
            plan = session.get_one(Plan, plan_id)
            assert (plan.status, plan.open_parts) == (P.APPLIED, 0)
            assert set(session.scalars(select(Visit.status))) == {VisitStatus.SCHEDULED}
