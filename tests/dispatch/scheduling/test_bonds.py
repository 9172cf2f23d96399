"""Visits of one work order are planned in their sequence, in whole plans and in parts of them."""

from datetime import timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.queries import assignment_of
from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.plans.solving import run_plan
from dispatch.scheduling.problems.bonds import bonds_of, within
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import WorkOrder
from dispatch.work_orders.visits.service import add_visit
from optimizer.bond import Precedence
from optimizer.job import Window
from tests.factories.optimizer import HOUR, make_job, make_plan, make_problem, make_route
from tests.factories.scheduling import make_town, make_waiting, quickly


class TestPlan:
    def test_carries_out_an_order_in_its_sequence(self, session: Session) -> None:
        town = make_town(session)
        first = make_waiting(session, town)
        order = session.get_one(WorkOrder, first.work_order_id)
        later = [add_visit(session, order) for _ in range(2)]
        session.flush()
        plan = request_plan(session, territory_ids=[town.territory.id])
        session.flush()
        run_plan(plan.id, quickly)
        session.expire_all()
        rows = [assignment_of(session, visit.id) for visit in (first, *later)]
        assert all(visit.status is VisitStatus.SCHEDULED for visit in (first, *later))
        for before, after in pairwise(rows):
            assert before is not None
            assert after is not None
            assert after.starts_at - before.ends_at >= timedelta()


class TestWithin:
    problem = make_problem(
        jobs=[make_job("a"), make_job("b")], precedences=(Precedence("a", "b", HOUR),)
    )

    def test_binds_the_second_to_where_the_first_stands(self) -> None:
        plan = make_plan(make_route(self.problem.shifts[0], self.problem, ("a", 9 * HOUR)))
        [job] = within(self.problem, plan, [self.problem.jobs[1]])
        assert job.windows == (Window(11 * HOUR, 16 * HOUR),)

    def test_binds_the_first_to_where_the_second_stands(self) -> None:
        stops = (("a", 9 * HOUR), ("b", 13 * HOUR))
        plan = make_plan(make_route(self.problem.shifts[0], self.problem, *stops))
        [job] = within(self.problem, plan, [self.problem.jobs[0]])
        assert job.windows == (Window(0, 11 * HOUR),)

    def test_leaves_out_the_second_without_a_first(self) -> None:
        assert within(self.problem, make_plan(), [self.problem.jobs[1]]) == ()

    def test_keeps_the_order_of_those_inside(self) -> None:
        assert bonds_of(self.problem, self.problem.jobs) == self.problem.precedences
        assert bonds_of(self.problem, self.problem.jobs[:1]) == ()
