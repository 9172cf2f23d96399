"""What a plan asks of people looks at what they had to do lately."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.problems.build import Built, build_for_plan
from dispatch.scheduling.problems.prices import KILOMETRES_PER_HOUR, priced
from dispatch.scheduling.problems.queries import load_demand, load_staff
from dispatch.scheduling.problems.shares import Load, Share, is_unpleasant, shares_of
from kernel import clock
from optimizer.job import Risk, Step
from tests.factories.optimizer import make_shift
from tests.factories.scheduling import (
    MONDAY,
    Town,
    make_planned,
    make_town,
    make_waiting,
    use_rules,
)

HOUR = timedelta(hours=1)
SKILLS = [SimpleNamespace(skill="gas")]


def person(skills: list[Any] = SKILLS) -> Any:
    return SimpleNamespace(technician=SimpleNamespace(id=uuid4()), skills=skills)


def built(session: Session, town: Town) -> Built:
    start, end = clock.now(session), clock.now(session) + timedelta(days=1)
    ids = [town.territory.id]
    return build_for_plan(
        load_staff(session, ids, start, end), load_demand(session, ids, start, end), start, end
    )


class TestShares:
    def shares(self, people: list[Any], *loads: Load) -> list[Share]:
        by_id: dict[UUID, Load] = {
            one.technician.id: load for one, load in zip(people, loads, strict=True)
        }
        found = shares_of(people, by_id)
        return [found[one.technician.id] for one in people]

    def test_tells_who_had_more_than_the_others(self) -> None:
        people = [person(), person()]
        loads = Load(30 * HOUR, 40 * HOUR, 3), Load(20 * HOUR, 40 * HOUR, 1)
        assert self.shares(people, *loads) == [Share(20, 50), Share(0, 0)]

    def test_measures_by_the_hours_of_shift(self) -> None:
        people = [person(), person()]
        loads = Load(10 * HOUR, 20 * HOUR), Load(20 * HOUR, 40 * HOUR)
        assert self.shares(people, *loads) == [Share(), Share()]

    def test_compares_people_with_the_same_skills_alone(self) -> None:
        people = [person(), person([SimpleNamespace(skill="lifts")])]
        loads = Load(30 * HOUR, 40 * HOUR, 3), Load(20 * HOUR, 40 * HOUR, 1)
        assert self.shares(people, *loads) == [Share(), Share()]

    def test_leaves_out_who_had_no_shift(self) -> None:
        people = [person(), person(), person()]
        loads = Load(30 * HOUR, 40 * HOUR), Load(20 * HOUR, 40 * HOUR), Load()
        assert [share.work_pct for share in self.shares(people, *loads)] == [20, 0, 0]


class TestIsUnpleasant:
    @pytest.mark.parametrize(
        ("priority", "hours", "expected"),
        [(3, 0, False), (5, 0, True), (3, 10, True), (3, -2, True), (3, 5 * 24, True)],
    )
    def test_is_an_emergency_or_off_hours(self, priority: int, hours: int, expected: bool) -> None:
        assert is_unpleasant(priority, MONDAY + hours * HOUR, "Europe/Berlin") is expected

    def test_is_not_when_any_time_will_do(self) -> None:
        assert not is_unpleasant(3, None, "Europe/Berlin")


class TestPriced:
    def test_asks_more_of_who_is_ahead(self) -> None:
        rules = Rules(fairness_cents_per_hour=400, unpleasant_cents=1_000)
        shift = priced(make_shift(), rules, Share(work_pct=50, unpleasant_pct=20))
        assert (shift.fairness_cents_per_hour, shift.fairness_cents_per_unpleasant) == (200, 200)

    def test_takes_its_prices_from_the_policy(self) -> None:
        rules = Rules(over_qualification_cents=70, co2_cents_per_tonne=9_000)
        shift = priced(make_shift(), rules, Share())
        assert (shift.over_qualification_cents, shift.co2_cents_per_tonne) == (70, 9_000)
        assert shift.co2_grams_per_hour == Rules().co2_grams_per_kilometre * KILOMETRES_PER_HOUR


class TestBuildForPlan:
    def test_fairness_comes_from_what_was_done(self, session: Session) -> None:
        town = make_town(session, technicians=2)
        for hour in (1, 3):
            _, row = make_planned(session, town, town.first, MONDAY + hour * HOUR)
            row.status = AssignmentStatus.ACTIVE
            session.flush()
            row.status = AssignmentStatus.DONE
        session.flush()
        clock.freeze(session, MONDAY + timedelta(days=1))
        use_rules(session, None, fairness_cents_per_hour=400)
        shifts = built(session, town).problem.shifts
        by_person = {shift.technician_id: shift.fairness_cents_per_hour for shift in shifts}
        other = town.technicians[1]
        assert by_person == {str(town.first.id): 400, str(other.id): 0}

    def test_a_job_knows_its_risk_and_the_steps_of_its_deadline(self, session: Session) -> None:
        town = make_town(session, p80_minutes=100)
        due = MONDAY + 4 * HOUR
        make_waiting(session, town, order_values={"due_at": due, "priority": 3})
        use_rules(session, None, breach_again_minutes=(120,), risk_cents_per_minute=15)
        [job] = built(session, town).problem.jobs
        assert job.risk == Risk(100 * 60, 15)
        assert job.deadline is not None
        assert job.deadline.steps == (Step(6 * 3600, 4_000),)
