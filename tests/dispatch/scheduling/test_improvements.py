"""Plans that get better by themselves, when that is worth it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from dispatch.events import VisitUnserved
from dispatch.scheduling.plans.lifecycle import PlanKind, PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.requests import request_improvement
from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.plans.solving import run_plan
from dispatch.scheduling.queries import assignments_of
from dispatch.work_orders.models import Visit
from kernel import clock
from tests.dispatch.scheduling.test_drafts import events
from tests.factories.scheduling import (
    MONDAY,
    Town,
    add_technician,
    make_planned,
    make_town,
    make_waiting,
    quickly,
    use_rules,
)

HOUR = timedelta(hours=1)
NINE = MONDAY + HOUR


def crossed(session: Session) -> tuple[Town, list[Visit]]:
    """East works in the west and west in the east."""
    town = make_town(session, technicians=0)
    west = add_technician(session, town, longitude=13.2)
    east = add_technician(session, town, longitude=13.6)
    visits = [
        make_planned(session, town, west, NINE + HOUR, east=0.2)[0],
        make_planned(session, town, east, NINE + HOUR, east=-0.2)[0],
    ]
    use_rules(session, town.territory, improve_cents=100)
    return town, visits


def improve(session: Session) -> Plan | None:
    plan = request_improvement(session)
    if plan is None:
        return None
    session.flush()
    run_plan(plan.id, quickly)
    session.expire_all()
    return session.get_one(Plan, plan.id)


def who(session: Session, visit: Visit) -> list[object]:
    return [row.technician_id for row in assignments_of(session, visit.id)]


class TestImprove:
    def test_publishes_what_is_worth_the_moves(self, session: Session) -> None:
        town, visits = crossed(session)
        west, east = town.technicians
        plan = improve(session)
        assert plan is not None
        assert (plan.kind, plan.status) == (PlanKind.IMPROVEMENT, PlanStatus.APPLIED)
        assert [who(session, visit) for visit in visits] == [[east.id], [west.id]]
        assert plan.difference is not None
        assert plan.difference["score_after"]["broken_promises"] == 2 * 1_500

    def test_leaves_what_saves_too_little(self, session: Session) -> None:
        town, visits = crossed(session)
        use_rules(session, town.territory, improve_cents=100_000)
        before = [who(session, visit) for visit in visits]
        plan = improve(session)
        assert plan is not None
        assert plan.status is PlanStatus.EMPTY
        assert plan.difference is not None
        assert len(plan.difference["changes"]) == 2
        assert [who(session, visit) for visit in visits] == before

    def test_pays_for_the_moves_first(self, session: Session) -> None:
        town, visits = crossed(session)
        use_rules(session, town.territory, move_cents=50_000)
        before = [who(session, visit) for visit in visits]
        improve(session)
        assert [who(session, visit) for visit in visits] == before

    def test_tells_nobody_again_of_what_still_waits(self, session: Session) -> None:
        town, _ = crossed(session)
        make_waiting(session, town, skills=[{"skill": "lift", "level": 1}])
        improve(session)
        assert events(session, VisitUnserved.name) == []


class TestRequest:
    def test_skips_when_nothing_has_changed(self, session: Session) -> None:
        town, visits = crossed(session)
        use_rules(session, town.territory, improve_cents=100_000)
        assert improve(session) is not None
        clock.freeze(session, MONDAY + timedelta(minutes=1))
        assert request_improvement(session) is None
        visits[0].note = "Ring twice."
        session.flush()
        assert request_improvement(session) is not None

    def test_looks_again_when_the_policy_has_changed(self, session: Session) -> None:
        town, _ = crossed(session)
        use_rules(session, town.territory, improve_cents=100_000)
        improve(session)
        assert request_improvement(session) is None
        use_rules(session, town.territory, improve_cents=100)
        assert request_improvement(session) is not None

    def test_skips_while_a_plan_waits(self, session: Session) -> None:
        town, _ = crossed(session)
        request_plan(session, territory_ids=[town.territory.id])
        assert request_improvement(session) is None

    def test_is_switched_off_by_the_policy(self, session: Session) -> None:
        town, _ = crossed(session)
        use_rules(session, town.territory, improve_seconds=0)
        assert request_improvement(session) is None

    def test_takes_turns_and_as_long_as_the_policy_says(self, session: Session) -> None:
        first, _ = crossed(session)
        second = make_town(session)
        make_waiting(session, second)
        for town in (first, second):
            use_rules(session, town.territory, improve_seconds=2)
        plans = [improve(session), improve(session)]
        assert {plan.territory_ids[0] for plan in plans if plan} == {
            first.territory.id,
            second.territory.id,
        }
        assert {plan.limit_seconds for plan in plans if plan} == {2}
