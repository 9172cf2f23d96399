"""What the records say reaches the problem, and the checker finds the plans made of them right."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.durations.learning import Learned, Speeds
from dispatch.scheduling.problems.build import Built, build_for_plan
from dispatch.scheduling.problems.queries import load_demand, load_staff
from dispatch.sla.service import create_policy
from dispatch.technicians.models import Technician
from dispatch.technicians.qualifications.service import SkillHeld, set_skills
from kernel.errors import Invalid
from optimizer.check import check
from optimizer.job import Job, Step
from optimizer.limits import Limits
from optimizer.plan import Plan
from optimizer.solve import solve
from optimizer.violation import Code
from tests.factories.scheduling import MONDAY, Town, make_town, make_waiting, order_of
from tests.factories.technicians import make_shift

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def built_for(session: Session, town: Town, days: int = 3) -> Built:
    end = MONDAY + days * DAY
    ids = [town.territory.id]
    staff, demand = load_staff(session, ids, MONDAY, end), load_demand(session, ids, MONDAY, end)
    return build_for_plan(staff, demand, MONDAY, end)


def planned(built: Built) -> Plan:
    """The optimizer's plan, which the checker has found right."""
    plan = solve(built.problem, Limits(iterations=200), 1, built.previous)
    assert check(built.problem, plan) == []
    return plan


def only_job(built: Built) -> Job:
    [job] = built.problem.jobs
    return job


class TestRest:
    def test_lies_before_each_new_day(self, session: Session) -> None:
        town = make_town(session, technicians=1, days=0)
        for day in range(2):
            make_shift(session, town.first, MONDAY + day * DAY, hours=8, override_reason=None)
        built = built_for(session, town)
        assert [shift.rest_seconds for shift in built.problem.shifts] == [0, 11 * 3600]

    def test_is_what_is_left_where_somebody_answers_for_less(self, session: Session) -> None:
        town = make_town(session, technicians=1, days=0)
        make_shift(session, town.first, MONDAY, hours=15)
        make_shift(session, town.first, MONDAY + DAY, hours=8, override_reason=None)
        second = built_for(session, town).problem.shifts[1]
        assert second.rest_seconds == 11 * 3600
        make_shift(session, town.first, MONDAY + 2 * DAY - 8 * HOUR, hours=2)
        assert built_for(session, town).problem.shifts[2].rest_seconds == 0


class TestHours:
    @pytest.fixture
    def town(self, session: Session) -> Town:
        """Five days of eight hours for somebody with whom 20 hours are agreed."""
        town = make_town(session, technicians=1, days=0)
        town.first.max_week_hours = 20
        for day in range(5):
            make_shift(session, town.first, MONDAY + day * DAY, hours=8, override_reason=None)
        return town

    def test_of_a_week_are_shared_out(self, session: Session, town: Town) -> None:
        problem = built_for(session, town, days=5).problem
        assert [shift.max_work_seconds for shift in problem.shifts] == [4 * 3600] * 5
        assert [hours.max_seconds for hours in problem.hours] == [20 * 3600]
        first_days = built_for(session, town, days=2).problem
        assert [hours.max_seconds for hours in first_days.hours] == [8 * 3600]

    def test_bind_the_plan(self, session: Session, town: Town) -> None:
        for _ in range(6):
            make_waiting(session, town)
        built = built_for(session, town, days=1)
        plan = planned(built)
        [route] = plan.routes
        assert 3 <= len(route.stops) <= 4
        tight = replace(built.problem.hours[0], max_seconds=3600)
        shifts = tuple(replace(s, max_work_seconds=3600) for s in built.problem.shifts)
        broken = check(replace(built.problem, hours=(tight,), shifts=shifts), plan)
        assert {Code.HOURS, Code.MAX_WORK} <= {violation.code for violation in broken}

    def test_do_not_bind_what_somebody_answers_for(self, session: Session) -> None:
        town = make_town(session, technicians=1, days=2)
        town.first.max_week_hours = 10
        problem = built_for(session, town).problem
        assert problem.hours == ()
        assert {shift.max_work_seconds for shift in problem.shifts} == {None}


class TestSpeed:
    def test_with_a_skill_is_that_of_the_first_asked_for(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        set_skills(session, town.first.id, [SkillHeld("boiler", 3, speed_pct=200)])
        make_waiting(session, town)
        built = built_for(session, town)
        assert only_job(built).pace_skill == "boiler"
        [stop] = planned(built).routes[0].stops
        assert stop.end - stop.start == 1800

    def test_is_learned_beside_the_persons_own(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        who: Technician = town.first
        usual = Learned(100, 120, 95, 105, 60)
        speeds = Speeds()
        speeds.add(who.id, "boiler", Learned(50, 60, 45, 55, 20), usual)
        speeds.add(who.id, "gas", Learned(100, 120, 95, 105, 20), usual)
        assert speeds.of_people() == {who.id: 133}
        assert speeds.with_skills() == {(who.id, "boiler"): 150, (who.id, "gas"): 75}

    def test_of_a_single_skill_is_the_persons(self, session: Session) -> None:
        speeds = Speeds()
        who = make_town(session, technicians=1).first.id
        speeds.add(who, "boiler", Learned(50, 60, 45, 55, 20), Learned(100, 120, 95, 105, 60))
        assert speeds.with_skills() == {}


class TestPenalty:
    def test_of_the_contract_comes_on_top_of_the_policys(self, session: Session) -> None:
        steps = [{"minutes": 60, "cents": 5_000}, {"minutes": 240, "cents": 10_000}]
        level = create_policy(
            session, name="Gold", arrive_minutes=120, penalty_cents=2_000, penalty_steps=steps,
            penalty_cap_cents=12_000,
        )  # fmt: skip
        town = make_town(session, technicians=1, sla_policy_id=level.id)
        plain = make_town(session, technicians=1)
        visit = make_waiting(session, town)
        other = make_waiting(session, plain, due_at=visit.due_at)
        deadline = only_job(built_for(session, town)).deadline
        without = only_job(built_for(session, plain)).deadline
        assert deadline is not None
        assert without is not None
        assert order_of(session, other).penalty is None
        assert deadline.breach_cents - without.breach_cents == 2_000
        assert deadline.cap_cents - without.cap_cents == 12_000
        assert deadline.steps == (
            Step(deadline.due + 3600, 5_000),
            Step(deadline.due + 4 * 3600, 10_000),
        )

    def test_steps_stand_in_order(self, session: Session) -> None:
        steps = [{"minutes": 60, "cents": 1}, {"minutes": 60, "cents": 1}]
        with pytest.raises(Invalid, match="in order"):
            create_policy(session, name="Odd", arrive_minutes=60, penalty_steps=steps)
